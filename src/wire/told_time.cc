#include "wire/told_time.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>

namespace basin::wire {
namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kSecond_ms = 1000, kMinute_ms = 60 * kSecond_ms, kHour_ms = 60 * kMinute_ms;
constexpr std::int64_t kDay_ms = 24 * kHour_ms;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// REQUIRES: none is negative
std::int64_t product(std::int64_t a, std::int64_t b) { return b != 0 && a > kMost / b ? kMost : a * b; }
std::int64_t sum(std::int64_t a, std::int64_t b) { return a > kMost - b ? kMost : a + b; }
// REQUIRES: b > 0
std::int64_t divided_up(std::int64_t a, std::int64_t b) { return a / b + (a % b != 0 ? 1 : 0); }

// Takes a text apart from its front; the first thing that is not there fails all that follows.
class Cursor {
 public:
  explicit Cursor(std::string_view rest) : rest_(rest) {}

  bool ok() const { return ok_; }
  bool at_end() const { return ok_ && rest_.empty(); }
  bool sees_digit() const { return !rest_.empty() && is_digit(rest_.front()); }
  bool takes(std::string_view literal) {
    if (!rest_.starts_with(literal)) return false;
    rest_.remove_prefix(literal.size());
    return true;
  }
  void expect(std::string_view literal) { ok_ = ok_ && takes(literal); }

  // So many digits.
  std::int64_t digits(std::size_t count) {
    std::int64_t value = 0;
    for (; count > 0; --count) {
      if (!sees_digit()) return fail();
      value = value * 10 + (rest_.front() - '0');
      rest_.remove_prefix(1);
    }
    return value;
  }

  // Digits with or without a fraction, in thousandths.
  std::int64_t decimal() {
    if (!sees_digit()) return fail();
    std::int64_t whole = 0;
    for (; sees_digit(); rest_.remove_prefix(1)) whole = sum(product(whole, 10), rest_.front() - '0');
    return sum(product(whole, 1000), takes(".") ? fraction() : 0);
  }

  // What stands behind a decimal point, in thousandths.
  std::int64_t fraction() {
    if (!sees_digit()) return fail();
    std::int64_t value = 0, place = 100;
    bool more = false;
    for (; sees_digit(); rest_.remove_prefix(1), place /= 10) {
      value += (rest_.front() - '0') * place;
      more = more || (place == 0 && rest_.front() != '0');
    }
    return value + (more ? 1 : 0);
  }

  // One of these words; its index.
  template <std::size_t N>
  std::int64_t word(const std::array<std::string_view, N>& words) {
    for (std::size_t i = 0; i < N; ++i) {
      if (takes(words[i])) return static_cast<std::int64_t>(i);
    }
    return fail();
  }

  std::int64_t fail() {
    ok_ = false;
    return 0;
  }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

struct Date {
  std::int64_t year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0, ms = 0;
};

// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms". A leap second counts as the next one.
std::optional<std::int64_t> unix_ms_of(const Date& date) {
  const bool valid = date.month >= 1 && date.month <= 12 && date.day >= 1 && date.day <= 31 && date.hour < 24 &&
                     date.minute < 60 && date.second <= 60;
  if (!valid) return std::nullopt;
  const std::int64_t year = date.year - (date.month <= 2 ? 1 : 0);
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400, of_era = year - era * 400;
  const std::int64_t of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
  const std::int64_t days = era * 146'097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719'468;
  return days * kDay_ms + date.hour * kHour_ms + date.minute * kMinute_ms + date.second * kSecond_ms + date.ms;
}

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

void read_clock(Cursor& at, Date& date) {
  date.hour = at.digits(2);
  at.expect(":");
  date.minute = at.digits(2);
  at.expect(":");
  date.second = at.digits(2);
}

// "06 Nov 1994 08:49:37 GMT" and, of two digits, "06-Nov-94 08:49:37 GMT"
std::optional<Date> after_comma(Cursor at, std::string_view between, std::size_t year_digits) {
  Date date;
  at.expect(" ");
  date.day = at.digits(2);
  at.expect(between);
  date.month = at.word(kMonths) + 1;
  at.expect(between);
  date.year = at.digits(year_digits);
  at.expect(" ");
  read_clock(at, date);
  at.expect(" GMT");
  return at.at_end() ? std::optional(date) : std::nullopt;
}

// "Nov  6 08:49:37 1994"
std::optional<Date> of_asctime(Cursor at) {
  Date date;
  date.month = at.word(kMonths) + 1;
  at.expect(" ");
  date.day = at.takes(" ") ? at.digits(1) : at.digits(2);
  at.expect(" ");
  read_clock(at, date);
  at.expect(" ");
  date.year = at.digits(4);
  return at.at_end() ? std::optional(date) : std::nullopt;
}

// RFC 9110: a date that seems more than fifty years ahead is the last one with these digits.
std::optional<std::int64_t> of_two_digits(Date date, std::int64_t unix_ms) {
  constexpr std::int64_t kFiftyYears_ms = 18'263 * kDay_ms;
  for (date.year += 2000;; date.year -= 100) {
    const auto ms = unix_ms_of(date);
    if (!ms || *ms - unix_ms <= kFiftyYears_ms) return ms;
  }
}

}  // namespace

std::optional<std::int64_t> thousandths(std::string_view text) {
  Cursor at(text);
  const std::int64_t value = at.decimal();
  return at.at_end() ? std::optional(value) : std::nullopt;
}

std::optional<std::int64_t> span_ms(std::string_view text) {
  // Longer names first: "ms" is no minutes. One unit is `each` milliseconds divided by `parts`.
  constexpr std::array<std::string_view, 8> kNames = {"ms", "us", "\xC2\xB5s", "ns", "d", "h", "m", "s"};
  struct Unit {
    std::int64_t each = 1, parts = 1;
  };
  constexpr std::array<Unit, 8> kUnits = {
      {{}, {1, 1000}, {1, 1000}, {1, 1'000'000}, {kDay_ms}, {kHour_ms}, {kMinute_ms}, {kSecond_ms}}};
  Cursor at(text);
  std::int64_t total = 0;
  do {
    const std::int64_t amount = at.decimal();  // in thousandths
    const Unit& unit = kUnits[static_cast<std::size_t>(at.word(kNames))];
    total = sum(total, divided_up(product(amount, unit.each), unit.parts * 1000));
  } while (at.ok() && !at.at_end());
  return at.ok() ? std::optional(total) : std::nullopt;
}

std::optional<std::int64_t> http_date_ms(std::string_view text, std::int64_t unix_ms) {
  constexpr std::size_t kShort = 3;  // "Sun"
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos) {
    const auto date =
        text.size() > kShort && text[kShort] == ' ' ? of_asctime(Cursor(text.substr(kShort + 1))) : std::nullopt;
    return date ? unix_ms_of(*date) : std::nullopt;
  }
  const Cursor behind(text.substr(comma + 1));
  if (comma == kShort) {
    const auto date = after_comma(behind, " ", 4);
    return date ? unix_ms_of(*date) : std::nullopt;
  }
  const auto date = after_comma(behind, "-", 2);
  return date ? of_two_digits(*date, unix_ms) : std::nullopt;
}

std::optional<std::int64_t> rfc3339_ms(std::string_view text) {
  Cursor at(text);
  Date date;
  date.year = at.digits(4);
  at.expect("-");
  date.month = at.digits(2);
  at.expect("-");
  date.day = at.digits(2);
  if (!at.takes("T") && !at.takes("t") && !at.takes(" ")) return std::nullopt;
  read_clock(at, date);
  if (at.takes(".")) date.ms = at.fraction();
  std::int64_t offset_ms = 0;
  if (!at.takes("Z") && !at.takes("z")) {
    const bool east = at.takes("+");
    if (!east) at.expect("-");
    const std::int64_t hours = at.digits(2);
    at.expect(":");
    offset_ms = (hours * kHour_ms + at.digits(2) * kMinute_ms) * (east ? 1 : -1);
  }
  const auto ms = at.at_end() ? unix_ms_of(date) : std::nullopt;
  return ms ? std::optional(*ms - offset_ms) : std::nullopt;
}

}  // namespace basin::wire
