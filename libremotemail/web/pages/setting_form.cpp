#include "web/pages/setting_form.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.hpp"
#include "web/pages/parts.hpp"
#include "web/site.hpp"

namespace remotemail::web {
namespace {

using Kind = SettingSpec::Kind;

constexpr std::string_view kSeen = "seen.", kWas = "was.", kBlank = "blank.";

// Which setting begins a group, and the key of the group's title.
struct Group {
  std::string_view first, title;
};
constexpr Group kGroups[] = {
    {"transmission.manager_address", "group.manager"},
    {"transmission.smtp_server", "group.smtp"},
    {"transmission.condition_informing_address", "group.neighbour"},
    {"reception.enabled", "group.function"},
    {"reception.server", "group.mailbox"},
    {"reception.address", "group.machine"},
    {"reception.notice", "group.notice"},
    {"reception.announce_delay", "group.more"},
};

std::string id_of(std::string_view key) {
  std::string id = "f-" + std::string(key);
  std::ranges::replace(id, '.', '-');
  return id;
}

std::string name_of(std::string_view prefix, std::string_view key) {
  return std::string(prefix) + std::string(key);
}

std::string_view found_in(const std::map<std::string, std::string, std::less<>>& map, std::string_view key) {
  const auto found = map.find(key);
  return found == map.end() ? std::string_view{} : std::string_view(found->second);
}

std::uint64_t generation_of(const StoredSettings& stored, std::string_view key) {
  const auto found = stored.find(key);
  return found == stored.end() ? 0 : found->second.generation;
}

std::string_view choice_words(const Texts& texts, std::string_view choice) {
  return texts.or_else("choice." + std::string(choice), choice);
}

class Field {
 public:
  Field(const Visit& visit, const SettingSpec& spec, const StoredSettings& stored, const FormView& view,
        bool focus)
      : texts_(visit.texts()),
        spec_(spec),
        shown_(shown_value(stored, spec.key)),
        id_(id_of(spec.key)),
        error_(found_in(view.errors, spec.key)),
        note_(found_in(view.notes, spec.key)),
        focus_(focus),
        generation_(generation_of(stored, spec.key)) {
    const auto typed = view.typed.find(spec.key);
    value_ = typed == view.typed.end() ? shown_ : typed->second;
  }

  Html made() const {
    const bool radios = spec_.kind == Kind::boolean;
    Html inside = radios ? element("legend", spec_.label) : element("label", {{"for", id_}}, spec_.label);
    if (!error_.empty())
      inside += element("p", {{"class", "error"}, {"id", id_ + "-error"}},
                        fmt::format("{} {}", spec_.label, error_));
    if (!note_.empty()) inside += element("p", {{"class", "note"}, {"id", id_ + "-note"}}, note_);
    inside += control();
    inside += element("p", {{"class", "help"}, {"id", id_ + "-help"}}, help());
    inside += hidden(name_of(kSeen, spec_.key), std::to_string(generation_));
    if (!spec_.is_secret()) inside += hidden(name_of(kWas, spec_.key), shown_);
    Attributes attributes{{"class", error_.empty() ? "field" : "field wrong"}};
    if (!radios) return element("div", std::move(attributes), inside);
    attributes.push_back({"id", id_});
    attributes.push_back({"aria-describedby", described_by()});
    attributes.push_back({"tabindex", "-1"});
    return element("fieldset", std::move(attributes), inside);
  }

 private:
  // Where all choices stand on the page, an example of one says nothing.
  std::string_view help() const {
    const bool chosen = spec_.kind == Kind::boolean || spec_.kind == Kind::choice;
    return chosen ? spec_.help.substr(0, spec_.help.find(" Example: ")) : spec_.help;
  }

  std::string described_by() const {
    std::string ids;
    if (!error_.empty()) ids += id_ + "-error ";
    if (!note_.empty()) ids += id_ + "-note ";
    return ids + id_ + "-help";
  }

  Html control() const {
    switch (spec_.kind) {
      case Kind::boolean:
        return radios();
      case Kind::choice:
        return select();
      case Kind::sealed_secret:
      case Kind::hashed_secret:
        return secret();
      default:
        return line();
    }
  }

  Attributes common() const {
    return {{"id", id_},
            {"name", spec_.key},
            {"aria-describedby", described_by()},
            {"aria-invalid", "true", !error_.empty()},
            {"autofocus", focus_}};
  }

  Html line() const {
    Attributes attributes{{"type", "text"},
                          {"value", value_},
                          {"autocomplete", "off"},
                          {"spellcheck", "false"},
                          {"autocapitalize", "none"}};
    for (Attribute& each : common()) attributes.push_back(std::move(each));
    attributes.push_back({"inputmode", "email", spec_.kind == Kind::address});
    attributes.push_back({"inputmode", "numeric", spec_.kind == Kind::number});
    attributes.push_back(
        {"class", "short", spec_.kind == Kind::number || spec_.kind == Kind::time_difference});
    return element("input", std::move(attributes));
  }

  Html select() const {
    Html options;
    for (const std::string_view choice : spec_.choices)
      options += element("option", {{"value", choice}, {"selected", choice == value_}},
                         choice_words(texts_, choice));
    return element("select", common(), options);
  }

  Html radios() const {
    Html all;
    for (const std::string_view choice : spec_.choices) {
      const std::string id = id_ + "-" + std::string(choice);
      all += element("span", {{"class", "choice"}},
                     element("input", {{"type", "radio"},
                                       {"id", id},
                                       {"name", spec_.key},
                                       {"value", choice},
                                       {"checked", choice == value_},
                                       {"autofocus", focus_ && choice == value_}}) +
                         element("label", {{"for", id}}, choice_words(texts_, choice)));
    }
    return element("div", {{"class", "choices"}}, all);
  }

  // Never shown again: whether there is one, a way to replace it and one to take it away.
  Html secret() const {
    Attributes attributes{{"type", "password"}, {"autocomplete", "new-password"}};
    for (Attribute& each : common()) attributes.push_back(std::move(each));
    const bool set = shown_ == "set";
    attributes.push_back({"placeholder", texts_("secret.keep"), set});
    Html all = element("span", {{"class", set ? "state set" : "state"}},
                       texts_(set ? "secret.set" : "secret.not_set")) +
               element("input", std::move(attributes));
    if (set) {
      const std::string id = id_ + "-blank", name = name_of(kBlank, spec_.key);
      all += element("span", {{"class", "choice"}},
                     element("input", {{"type", "checkbox"}, {"id", id}, {"name", name}, {"value", "yes"}}) +
                         element("label", {{"for", id}}, texts_("secret.blank")));
    }
    return element("div", {{"class", "secret"}}, all);
  }

  const Texts& texts_;
  const SettingSpec& spec_;
  const std::string shown_;
  const std::string id_;
  const std::string_view error_, note_;
  const bool focus_;
  const std::uint64_t generation_;
  std::string value_;
};

}  // namespace

std::vector<const SettingSpec*> settings_of(std::string_view page) {
  std::vector<const SettingSpec*> all;
  for (const SettingSpec& spec : all_settings()) {
    const bool of_pages =
        spec.key == password_key(Door::environment) || spec.key == password_key(Door::maintenance);
    if (spec.page == page && !of_pages) all.push_back(&spec);
  }
  return all;
}

bool may_set(const Visit& visit, const SettingSpec& spec) {
  if (spec.key == password_key(Door::environment) || spec.key == password_key(Door::maintenance))
    return false;
  const Rights& rights = visit.session.rights;
  return spec.page == "reception" ? rights.maintenance : rights.operator_;
}

Html setting_fields(const Visit& visit, const std::vector<const SettingSpec*>& fields,
                    const StoredSettings& stored, const FormView& view) {
  const auto first_wrong = std::ranges::find_if(fields, [&](const SettingSpec* spec) {
    return view.errors.contains(spec->key) || view.notes.contains(spec->key);
  });
  Html all, group;
  std::string_view title;
  const auto close_group = [&] {
    if (!group.empty())
      all += element("section", {{"class", "card"}},
                     (title.empty() ? Html() : element("h2", visit.texts()(title))) + group);
    group = {};
  };
  for (const SettingSpec* spec : fields) {
    const auto* begun = std::ranges::find(kGroups, spec->key, &Group::first);
    // A field of another page stands by itself: it is needed here.
    const bool foreign = spec->page != fields.front()->page && title != "group.needed";
    if (begun != std::end(kGroups) || foreign) {
      close_group();
      title = foreign ? "group.needed" : begun->title;
    }
    group += Field(visit, *spec, stored, view, first_wrong != fields.end() && spec == *first_wrong).made();
  }
  close_group();
  return all;
}

Html error_summary(const Visit& visit, const std::vector<const SettingSpec*>& on_page, const FormView& view) {
  if (view.errors.empty() && view.notes.empty()) return {};
  Html items;
  for (const SettingSpec& spec : all_settings()) {
    const std::string_view error = found_in(view.errors, spec.key);
    const std::string_view note = found_in(view.notes, spec.key);
    if (error.empty() && note.empty()) continue;
    const std::string said =
        error.empty() ? fmt::format("{}: {}", spec.label, note) : fmt::format("{} {}", spec.label, error);
    if (std::ranges::find(on_page, &spec) != on_page.end())
      items += element("li", link_to("#" + id_of(spec.key), said));
    else
      items += element("li", Html(said) + " " +
                                 link_to(spec.page == "reception" ? "/maintenance/reception"
                                                                  : "/environment/" + std::string(spec.page),
                                         visit.texts()("page." + std::string(spec.page))));
  }
  const Texts& texts = visit.texts();
  return notice("error",
                element("h2", texts(view.errors.empty() ? "form.elsewhere" : "form.errors")) +
                    paragraph(texts(view.errors.empty() ? "form.elsewhere.what" : "form.errors.what")) +
                    element("ul", items),
                true);
}

void note_changes(const Visit& visit, const StoredSettings& now, const SeenGenerations& seen,
                  FormView& view) {
  const Texts& texts = visit.texts();
  for (const auto& [key, generation] : seen) {
    const SettingSpec* const spec = find_setting(key);
    if (!spec || generation == generation_of(now, key)) continue;
    if (spec->is_secret()) {
      view.notes.emplace(key, texts("form.elsewhere.secret"));
      continue;
    }
    std::string said = fmt::format("{} \"{}\".", texts("form.elsewhere.now"), shown_value(now, key));
    if (const auto typed = view.typed.find(key); typed != view.typed.end())
      said += fmt::format(" {} \"{}\".", texts("form.elsewhere.yours"), typed->second);
    view.notes.emplace(key, std::move(said));
  }
}

SentForm read_form(const Visit& visit, const StoredSettings& now) {
  SentForm sent;
  SettingTexts given, blanked;
  for (const SettingSpec& spec : all_settings()) {
    const Fields& form = visit.request.form;
    const auto seen = form.find(name_of(kSeen, spec.key));
    if (seen == form.end() || !may_set(visit, spec)) continue;
    sent.fields.push_back(&spec);
    const auto generation = parse_number(seen->second).value_or(0);
    sent.seen.emplace(spec.key, generation);
    const std::string typed(visit.request.field(spec.key));
    const bool moved = generation != generation_of(now, spec.key);
    const Texts& texts = visit.texts();
    if (spec.is_secret()) {
      const bool blank = !visit.request.field(name_of(kBlank, spec.key)).empty();
      if (blank && !typed.empty())
        sent.view.errors.emplace(spec.key, texts("secret.both"));
      else if (blank)
        blanked.emplace(spec.key, Secret());
      else
        given.emplace(spec.key, Secret(typed));
      if (moved) sent.view.notes.emplace(spec.key, texts("form.elsewhere.secret"));
      continue;
    }
    given.emplace(spec.key, Secret(typed));
    const std::string_view was = visit.request.field(name_of(kWas, spec.key));
    const bool touched = typed != was;
    // What was not touched shows the value that came meanwhile; what was typed stays.
    if (touched || !moved) sent.view.typed.emplace(spec.key, typed);
    if (moved)
      sent.view.notes.emplace(
          spec.key,
          fmt::format("{} \"{}\". {} \"{}\".", texts("form.elsewhere.now"), shown_value(now, spec.key),
                      texts(touched ? "form.elsewhere.yours" : "form.elsewhere.was"), typed));
  }
  sent.texts = changed_texts(now, std::move(given));
  sent.texts.merge(blanked);
  return sent;
}

}  // namespace remotemail::web
