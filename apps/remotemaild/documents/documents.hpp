// Manual page and bash completion, made from the tables that the program itself works by: commands and options,
// settings, configuration keys, list names, exit statuses. No second list is kept by hand.
#pragma once

#include <string>
#include <string_view>

namespace remotemaild {

// The template's lines that consist of @COMMANDS@ and the like are replaced; all else is prose in mdoc(7).
// Empty when a placeholder of the template is unknown.
std::string manual_page(std::string_view page_template);

// The template's line @TABLES@ is replaced; what remains is the machinery that reads them.
std::string bash_completion(std::string_view script_template);

}  // namespace remotemaild
