// Writes a document from its template, at build time: generate manual|completion TEMPLATE FILE; generate
// configuration FILE.
#include <fstream>
#include <iostream>
#include <string>

#include "configuration.hpp"
#include "documents/documents.hpp"
#include "read_file.hpp"

int main(int argc, char* argv[]) {
  const std::string what = argc > 1 ? argv[1] : "";
  std::string document;
  if (what == "configuration" && argc == 3) {
    document = remotemaild::configuration_example();
  } else if ((what == "manual" || what == "completion") && argc == 4) {
    const auto page_template = remotemaild::read_file(argv[2]);
    if (!page_template) {
      std::cerr << "generate: " << describe(page_template.error()) << "\n";
      return 1;
    }
    document = what == "manual" ? remotemaild::manual_page(*page_template)
                                : remotemaild::bash_completion(*page_template);
  }
  if (document.empty()) {
    std::cerr << "usage: generate manual|completion TEMPLATE FILE, or generate configuration FILE\n";
    return 2;
  }
  std::ofstream out(argv[argc - 1], std::ios::binary);
  out << document << std::flush;
  if (!out) {
    std::cerr << "generate: " << argv[argc - 1] << " cannot be written\n";
    return 1;
  }
  return 0;
}
