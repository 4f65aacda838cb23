// The words of the pages that no setting, error or list brings with it: one place, replaceable by key (WebStyle).
#include "web/texts.hpp"

#include "remotemail/web/web_pages.hpp"

namespace remotemail {
namespace {

using web::TextEntry;

constexpr TextEntry kFrame[] = {
    {"site.name", "Mail remote notification system"},
    {"site.language", "en"},
    {"months", "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"},
    {"nav.label", "Pages"},
    {"nav.skip", "Skip to the content"},
    {"nav.main", "Main page"},
    {"nav.environment", "Environment setup"},
    {"nav.maintenance", "Extension for maintenance"},
    {"nav.panel", "Operation panel"},
    {"nav.ce_desk", "CE desk"},
    {"foot", "These pages come from the machine itself and load nothing from anywhere else."},
    {"refused.host",
     "This host name is not one of the machine's: use its address, or have the name added to `hosts` in [web]."},
    {"refused.no_page", "There is no such page. The main page is at /"},
    {"refused.no_form", "This page takes no form."},
    {"refused.other_site", "The form came from another site; nothing was done."},
    {"form.old.title", "Please send the form again"},
    {"form.old",
     "The form was too old, or its session has ended. Nothing was done. Open the page again and send it once more."},
    {"form.old.open", "Open the page again"},
};

}  // namespace

const std::map<std::string, std::string>& web_texts() {
  static const std::map<std::string, std::string> texts = [] {
    std::map<std::string, std::string> all;
    for (const std::span<const TextEntry> part :
         {std::span<const TextEntry>(kFrame), web::page_texts(), web::panel_texts(), web::ce_desk_texts()}) {
      for (const TextEntry& entry : part) all.emplace(entry.key, entry.text);
    }
    return all;
  }();
  return texts;
}

}  // namespace remotemail
