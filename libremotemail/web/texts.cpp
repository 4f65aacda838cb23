// The words of the pages that no setting, error or list brings with it: one place, replaceable by key (WebStyle).
#include "remotemail/web/web_pages.hpp"

namespace remotemail {

const std::map<std::string, std::string>& web_texts() {
  static const std::map<std::string, std::string> texts{
      {"site.name", "Mail remote notification system"},
      {"nav.label", "Pages"},
      {"nav.skip", "Skip to the content"},
      {"nav.main", "Main page"},
      {"nav.environment", "Environment setup"},
      {"nav.panel", "Operation panel"},
      {"nav.ce_desk", "CE desk"},
      {"form.old.title", "Please send the form again"},
      {"form.old",
       "The form was too old, or its session has ended. Nothing was done. Open the page again and send it once more."},
      {"main.title", "Main page"},
  };
  return texts;
}

}  // namespace remotemail
