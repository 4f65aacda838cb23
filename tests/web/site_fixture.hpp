// A browser without sockets before the whole site: keeps cookies, sends forms as they stand on the page it looks at.
#pragma once

#include <map>
#include <string>

#include "agent/line_fixture.hpp"
#include "web/site.hpp"

namespace remotemail::testing {

// The agent works in this thread: a job that a page asked for is done by work().
struct SiteFixture {
  explicit SiteFixture(OperationPanel* panel = nullptr, const CeDeskAccount* ce_desk = nullptr,
                       web::Request who = at_machine(), std::unique_ptr<Store> store = make_memory_store(),
                       DeviceAdapter* machine = nullptr, MailServers* desk_servers = nullptr)
      : line(std::move(store), machine),
        client(std::move(who)),
        site({*line.agent, line.clock, line.random, line.logger, panel,
              desk_servers != nullptr ? desk_servers : &line.servers, ce_desk},
             {}, {"copier.example.com"}) {}

  static web::Request at_machine() {
    web::Request request;
    request.host = "localhost:8080";
    request.peer = "127.0.0.1";
    request.loopback = true;
    return request;
  }
  static web::Request from_elsewhere() {
    web::Request request;
    request.host = "copier.example.com";
    request.peer = "192.0.2.7";
    request.secure = true;
    return request;
  }

  web::Response get(const std::string& path) {
    web::Request request = client;
    const std::size_t question = path.find('?');
    request.path = path.substr(0, question);
    if (question != std::string::npos) request.query = *web::parse_form(path.substr(question + 1));
    return send(std::move(request));
  }
  // With the form token of the page looked at last, unless `fields` bring one.
  web::Response post(const std::string& path, web::Fields fields) {
    web::Request request = client;
    request.method = web::Request::Method::post;
    request.path = path;
    fields.emplace("form-token", token);
    request.form = std::move(fields);
    return send(std::move(request));
  }
  // As get(), and goes where the answer leads.
  web::Response open(const std::string& path) { return follow(get(path)); }
  web::Response follow(web::Response response) {
    for (int i = 0; i < 5 && response.status == 303; ++i) response = get(header(response, "Location"));
    return response;
  }
  static std::string header(const web::Response& response, std::string_view name) {
    for (const auto& [key, value] : response.headers) {
      if (key == name) return value;
    }
    return {};
  }
  // The session's cookie: its name goes by how the site is reached.
  std::string& cookie() {
    std::string name = client.secure ? "__Host-remotemail" : "remotemail";
    if (const std::size_t colon = client.host.find(':'); colon != std::string::npos)
      name += "-" + client.host.substr(colon + 1);
    return client.cookies[name];
  }
  void work() { line.agent->step({}); }

  Line line;
  web::Request client;
  web::Site site;
  std::string token;

 private:
  web::Response send(web::Request request) {
    web::Response response = site.answer(request);
    const std::string cookie = header(response, "Set-Cookie");
    if (const std::size_t equals = cookie.find('='); equals != std::string::npos) {
      client.cookies.insert_or_assign(cookie.substr(0, equals),
                                      cookie.substr(equals + 1, cookie.find(';') - equals - 1));
    }
    static constexpr std::string_view kField = "name=\"form-token\" value=\"";
    if (const std::size_t at = response.body.find(kField); at != std::string::npos) {
      const std::size_t begin = at + kField.size();
      token = response.body.substr(begin, response.body.find('"', begin) - begin);
    }
    return response;
  }
};

}  // namespace remotemail::testing
