#include "device_adapter/lists/list_table.hpp"

#include <array>

namespace remotemail {
namespace {

struct ListMaker {
  ListId id;
  MakeList make;
};
constexpr std::array kMakers{
    ListMaker{ListId::job, make_job_memory_list},
    ListMaker{ListId::user, make_user_management_list},
    ListMaker{ListId::font, make_font_pattern_list},
    ListMaker{ListId::management1, make_management1_list},
    ListMaker{ListId::adjustment, make_adjustment_data_list},
    ListMaker{ListId::parameter, make_parameter_list},
    ListMaker{ListId::ekc, make_ekc_management_list},
    ListMaker{ListId::management2, make_management2_list},
    ListMaker{ListId::counter, make_counter_list},
    ListMaker{ListId::pixel, make_pixel_list},
};

}  // namespace

MakeList maker_of(ListId id) noexcept {
  for (const ListMaker& maker : kMakers) {
    if (maker.id == id) return maker.make;
  }
  return nullptr;
}

}  // namespace remotemail
