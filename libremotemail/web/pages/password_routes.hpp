// The pages that choose the passwords of the pages themselves (B6, Y1).
#pragma once

#include "web/site.hpp"

namespace remotemail::web {

Response passwords_page(Visit&);  // after a log-in with a factory value from elsewhere: the only page then
Response operator_password_page(Visit&);
Response maintenance_password_page(Visit&);

}  // namespace remotemail::web
