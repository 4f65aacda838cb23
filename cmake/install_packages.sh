# Sourced by apps/demo and tests/run: install_packages GROUP... installs what is missing of Debian's packages.

packages_of() {
  case $1 in
    build) echo g++ cmake ninja-build pkg-config ccache libpoco-dev libfmt-dev libssl-dev libsqlite3-dev libc-ares-dev libhowardhinnant-date-dev tzdata ;;
    test) echo doctest-dev dovecot-imapd dovecot-pop3d dovecot-lmtpd dovecot-sieve postfix openssl iproute2 util-linux python3 libgmime-3.0-dev systemd mandoc groff-base dpkg-dev chromium chromium-driver ;;
    coverage) echo gcovr ;;
    fuzz) echo clang libclang-rt-14-dev ;;
  esac
}

install_packages() {
  local group package missing=()
  for group in "$@"; do
    for package in $(packages_of "$group"); do
      dpkg-query -W -f '${Status}' "$package" 2> /dev/null | grep -q 'ok installed' || missing+=("$package")
    done
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  local sudo=()
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo > /dev/null || ! sudo -n true 2> /dev/null; then
      printf 'Packages are missing. Run this, then try again:\n  sudo apt-get install -y --no-install-recommends %s\n' "${missing[*]}" >&2
      return 1
    fi
    sudo=(sudo)
  fi
  echo "installing ${missing[*]}" >&2
  "${sudo[@]}" apt-get -qq update >&2 || true
  # No service is to be started by an installation: the tests start their own, on loopback.
  local policy=/usr/sbin/policy-rc.d made=no status=0
  if [ ! -e $policy ]; then
    printf '#!/bin/sh\nexit 101\n' | "${sudo[@]}" tee $policy > /dev/null && "${sudo[@]}" chmod 755 $policy
    made=yes
  fi
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "${missing[@]}" >&2 || status=$?
  [ $made = no ] || "${sudo[@]}" rm -f $policy
  return $status
}
