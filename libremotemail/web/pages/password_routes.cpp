#include "web/pages/password_routes.hpp"

#include <vector>

#include "remotemail/core/limits.hpp"
#include "web/pages/parts.hpp"

namespace remotemail::web {
namespace {

struct Wanted {
  Door door;
  std::string_view name, again;  // of the fields
};
constexpr Wanted kOperator{Door::environment, "operator", "operator-again"};
constexpr Wanted kMaintenance{Door::maintenance, "maintenance", "maintenance-again"};

// Twelve characters nobody mistakes for one another, in groups of four: 59 bits.
std::string suggestion(Random& random) {
  constexpr std::string_view kLetters = "abcdefghijkmnpqrstuvwxyz23456789";
  constexpr int kGroups = 3, kInGroup = 4;
  static_assert(kLetters.size() == 32);
  std::uint64_t bits = random.next_u64();
  std::string made;
  for (int group = 0; group < kGroups; ++group) {
    if (group > 0) made += '-';
    for (int i = 0; i < kInGroup; ++i, bits >>= 5U) made += kLetters[bits % kLetters.size()];
  }
  return made;
}

struct Errors {
  std::string current;
  std::map<std::string_view, std::string> of;  // by field
  bool any() const { return !current.empty() || !of.empty(); }
};

Html fields(const Visit& visit, const Wanted& wanted, const Errors& errors, bool first) {
  const Texts& texts = visit.texts();
  const bool environment = wanted.door == Door::environment;
  const auto error = [&](std::string_view name) {
    const auto found = errors.of.find(name);
    return found == errors.of.end() ? std::string_view{} : std::string_view(found->second);
  };
  const std::string proposal = suggestion(visit.site.ports().random);
  const Html help = Html(texts("password.advice")) + " " + Html(texts("password.suggestion")) + " " +
                    element("code", proposal);
  return password_field(wanted.name,
                        texts(environment ? "password.new.operator" : "password.new.maintenance"), help,
                        error(wanted.name), false, first && errors.current.empty()) +
         password_field(wanted.again, texts("password.again"), {}, error(wanted.again), false, false);
}

// The password that was typed twice, or an empty one and the errors noted.
Secret typed(const Visit& visit, const Wanted& wanted, Errors& errors) {
  const std::string_view once = visit.request.field(wanted.name), again = visit.request.field(wanted.again);
  const Texts& texts = visit.texts();
  if (once.empty()) {
    errors.of.emplace(wanted.name, texts("password.missing"));
  } else if (once != again) {
    errors.of.emplace(wanted.again, texts("password.differs"));
  } else {
    return Secret(std::string(once));
  }
  return {};
}

// Stores what was chosen. False, and the errors noted: nothing was stored.
bool store(const Visit& visit, const std::vector<Wanted>& all, const SettingTexts& texts,
           const SeenGenerations& seen, Errors& errors) {
  const ApplyReport report = visit.agent().apply(texts, seen);
  for (const FieldError& error : report.errors) {
    for (const Wanted& wanted : all) {
      if (error.key == password_key(wanted.door))
        errors.of.emplace(wanted.name, std::string(visit.texts()("password.it")) + " " + error.message + ".");
    }
  }
  if (report.error) errors.current = describe(*report.error);
  return report.ok();
}

Html summary(const Errors& errors, const Texts& texts) {
  if (!errors.any()) return {};
  Html items;
  for (const auto& [name, message] : errors.of)
    items += element("li", link_to("#f-" + std::string(name), message));
  if (!errors.current.empty()) items += element("li", errors.current);
  return notice("error", element("h2", texts("form.errors")) + element("ul", items), true);
}

Response password_page(Visit& visit, const Wanted& wanted) {
  const Texts& texts = visit.texts();
  const bool environment = wanted.door == Door::environment;
  const std::string_view here = environment ? "/environment/password" : "/maintenance/password";
  Errors errors;
  int status = 200;
  if (visit.posted()) {
    const Knock knock = visit.site.log_in().knock(wanted.door, visit.guest(), visit.request.field("current"));
    if (knock.result == Knock::Result::right) {
      const std::string key(password_key(wanted.door));
      SettingTexts chosen;
      chosen.emplace(key, typed(visit, wanted, errors));
      if (!errors.any() && store(visit, {wanted}, chosen, {}, errors)) {
        // Whoever had logged in with the old one has to do so again; this browser gets a new session.
        visit.site.sessions().end_all(environment, !environment, visit.session.id);
        Rights kept;
        kept.operator_ = environment;
        kept.maintenance = !environment;
        visit.session = visit.site.sessions().log_in(visit.session.id, kept, visit.site.log_in().passwords());
        return visit.page(
            texts("password.changed.title"),
            notice("good", paragraph(texts("password.changed")), true) +
                element("p", link_to(environment ? "/environment" : "/maintenance",
                                     texts(environment ? "environment.back" : "maintenance.back"))));
      }
    } else {
      errors.of.emplace("current", refusal_of(texts, knock));
    }
    status = 422;
  }
  const auto current = errors.of.find("current");
  const Html form = visit.form(
      here,
      password_field("current", texts("password.current"), {},
                     current == errors.of.end() ? std::string_view{} : std::string_view(current->second),
                     true, true) +
          fields(visit, wanted, errors, false) +
          element("p", {{"class", "actions"}}, button(texts("apply"), "main")),
      {{"class", "card"}});
  return visit.page(texts(environment ? "password.operator" : "password.maintenance"),
                    summary(errors, texts) + form, status);
}

}  // namespace

Response operator_password_page(Visit& visit) {
  return password_page(visit, kOperator);
}
Response maintenance_password_page(Visit& visit) {
  return password_page(visit, kMaintenance);
}

Response passwords_page(Visit& visit) {
  const Rights rights = visit.session.rights;
  std::vector<Wanted> wanted;
  LogIn& doors = visit.site.log_in();
  // Somebody else may have chosen one meanwhile: then the factory value is refused for ever, this log-in included.
  if (rights.operator_must_choose && doors.factory_counts(Door::environment)) wanted.push_back(kOperator);
  if (rights.maintenance_must_choose && doors.factory_counts(Door::maintenance))
    wanted.push_back(kMaintenance);
  if (wanted.empty()) return see_other("/");
  const Texts& texts = visit.texts();
  Errors errors;
  if (visit.posted()) {
    SettingTexts chosen;
    SeenGenerations seen;
    for (const Wanted& each : wanted) {
      const std::string key(password_key(each.door));
      chosen.emplace(key, typed(visit, each, errors));
      seen.emplace(key, 0);  // still the factory value, else this log-in has no right any more
    }
    if (!errors.any() && store(visit, wanted, chosen, seen, errors)) {
      Rights added;
      added.operator_ = rights.operator_must_choose && wanted.front().door == Door::environment;
      added.maintenance = rights.maintenance_must_choose && wanted.back().door == Door::maintenance;
      visit.site.sessions().end_all(added.operator_, added.maintenance, visit.session.id);
      visit.session = visit.site.sessions().log_in(visit.session.id, added, doors.passwords());
      return see_other(added.operator_ ? "/environment" : "/maintenance");
    }
  }
  Html form;
  for (const Wanted& each : wanted) form += fields(visit, each, errors, &each == &wanted.front());
  form += element("p", {{"class", "actions"}}, button(texts("apply"), "main"));
  return visit.page(texts("passwords.title"),
                    summary(errors, texts) + paragraph(texts("passwords.why")) +
                        visit.form("/passwords", form, {{"class", "card"}}),
                    errors.any() ? 422 : 200);
}

}  // namespace remotemail::web
