// A word with a letter too many, too few, wrong, or swapped with its neighbour is a word that nobody was trained on:
// its rows, and its pieces, say nothing or something else, and a decision near the line tips. So before an ask is
// measured, each unknown word that is one such slip (Damerau 1964) away from a known one is read as that.
//
// Which known words are one slip away? Trying every slip takes an alphabet and hundreds of probes. A swap and an added
// letter need none: undoing them takes what is there, so a typed word of n letters is looked up 2n - 1 times. For a
// lost or wrong letter there is symmetric deletion (Garbe, SymSpell, 2012): a word that lost a letter is its original
// without it, and a word with a wrong one is the same as its original when both are without it. The file holds the hash
// of everything that a common word becomes by losing a letter; n + 1 more lookups find them, and what is found is
// compared. It works in all scripts that write words with letters and part them with spaces.
//
// Which of them was meant? Words are ranked by how common they are, and a word's count falls about as its rank rises
// (Zipf), so the word with the least rank * cost of the slip is the likeliest. The costs say that a wrong letter could
// have been any of two dozen, and swapped neighbours only one thing. What is past kUnlikely is left as it is, since
// rare words, names and other languages are more frequent than slips; so are words that differ in the first letter,
// which nobody mistypes (Pollock and Zamora 1984), or in the last, which is what grammar changes.
//
// What a file looks like, little-endian, each table at a multiple of 128 bytes:
//
//   magic "basin.s\n" | u32 file version, slots, buckets, losses, words, word_bytes
//   u32 slots[slots]: a known word's hash gives the place by its lower bits; its upper 24 bits and the rank's byte
//   u32 bucket_ends[buckets], u8 checks[losses], u16 ids[losses]: a hash gives the bucket by its upper bits
//   u32 word_ends[words] | word_bytes bytes of spellings
//   120 zeros, u64 checksum of all before these 128 bytes
#include "geometry/spelling.h"

#include <algorithm>
#include <array>
#include <bit>

#include "base/utf8.h"
#include "geometry/file_bytes.h"
#include "geometry/words.h"

namespace basin::geometry {
namespace {

constexpr std::string_view kMagic = "basin.s\n";
constexpr std::uint32_t kFileVersion = 1;
constexpr std::uint32_t kWalk = 64;  // slots that are looked at for one known word
constexpr std::uint32_t kLossesPerBucket = 12;

// What a slip costs, and the most that rank * cost may be.
constexpr std::uint32_t kSwapped = 2, kAdded = 4, kLost = 4, kWrong = 16;
constexpr std::uint32_t kUnlikely = 160'000;
// Short forms of two to four letters are close to many words: only a swap is taken for a slip in what may be one.
constexpr std::size_t kLeastSlipped = 5;
// An ask of which more than one word in so many is unknown, beside one, is of a language that we know little of.
constexpr std::size_t kForeign = 4;

base::Error bad(std::string what) { return base::fail(base::Code::invalid, "known words: " + std::move(what)); }

using Characters = std::span<const std::uint32_t>;

std::uint32_t hash_of(Characters word, std::uint32_t hash = 0) {
  for (const std::uint32_t c : word) hash = mix(hash, c);
  return hash;
}

// Calls each(i, hash of the word without its letter i); of equal neighbours, for the first.
template <class Each>
void each_loss(Characters word, Each&& each) {
  std::uint32_t before = 0;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (i == 0 || word[i] != word[i - 1]) each(i, hash_of(word.subspan(i + 1), before));
    before = mix(before, word[i]);
  }
}

// A word as characters.
struct Letters {
  std::array<std::uint32_t, ProseWord::kMost + 1> characters{};
  std::size_t count = 0;

  Letters() = default;
  explicit Letters(Characters word) : count(word.size()) { std::copy(word.begin(), word.end(), characters.begin()); }
  explicit Letters(std::string_view spelling) {
    for (std::size_t at = 0; at < spelling.size() && count < characters.size();)
      characters[count++] = next_character(spelling, at);
  }
  Characters all() const { return {characters.data(), count}; }
  void erase(std::size_t i) {
    std::copy(characters.begin() + i + 1, characters.begin() + count, characters.begin() + i);
    --count;
  }
};

// What it costs to have typed this instead of the word, a letter lost or wrong; 0 where that is not what happened, or
// the letter is the first or the last.
std::uint32_t cost_of(Characters typed, Characters word) {
  if (word.size() < kLeastSlipped || word.size() < typed.size() || word.size() > typed.size() + 1) return 0;
  std::size_t same = 0, end = 0;
  while (same < typed.size() && typed[same] == word[same]) ++same;
  while (end < typed.size() - same && typed[typed.size() - 1 - end] == word[word.size() - 1 - end]) ++end;
  if (same == 0 || end == 0 || same + end + 1 != word.size()) return 0;
  return word.size() > typed.size() ? kLost : kWrong;
}

// A rank in a byte, never 0: five bits of octave and three of what is within.
std::uint32_t byte_of_rank(std::uint32_t rank) {
  const auto octave = static_cast<std::uint32_t>(std::bit_width(rank)) - 1;
  return 1 + octave * 8 + ((rank << 3 >> octave) & 7);
}
std::uint32_t rank_of_byte(std::uint32_t byte) { return (8 + (byte - 1) % 8) << ((byte - 1) / 8) >> 3; }

// Writes the meant word in the case of the typed one. There is no table of capitals here: the letter that was typed
// serves where it is the right one, and ASCII needs none.
void append_as(std::string_view typed, Characters meant, std::string& out) {
  std::size_t at = 0;
  const std::uint32_t was = next_character(typed, at), is = meant[0];
  if (fold(was) == is)
    out += typed.substr(0, at);
  else
    base::append_utf8(out, fold(was) != was && is >= 'a' && is <= 'z' ? is - 'a' + 'A' : is);
  for (const std::uint32_t c : meant.subspan(1)) base::append_utf8(out, c);
}

}  // namespace

// A word that may have been meant, and rank * cost; the least so far.
struct Spelling::Guess {
  Letters word;
  std::uint32_t unlikely = kUnlikely + 1;

  // Whether this is likelier; then the word is to be set.
  bool takes(std::uint32_t rank, std::uint32_t cost) {
    if (rank == 0 || cost == 0 || rank * cost >= unlikely) return false;
    unlikely = rank * cost;
    return true;
  }
};

std::uint32_t Spelling::rank_of(std::uint32_t hash) const {
  for (std::uint32_t i = 0; i < kWalk; ++i) {
    const std::uint32_t slot = slots_[(hash + i) & slot_mask_];
    if (slot == 0) return 0;
    if ((slot ^ hash) < 0x100) return rank_of_byte(slot & 0xff);
  }
  return 0;
}

std::string_view Spelling::spelled(std::uint32_t id) const {
  const std::uint32_t begin = id > 0 ? word_ends_[id - 1] : 0;
  return {spellings_ + begin, word_ends_[id] - begin};
}

void Spelling::undo_swaps(Characters typed, Guess& best) const {
  std::uint32_t before = 0;
  for (std::size_t i = 0; i + 1 < typed.size(); ++i) {
    const std::uint32_t swapped = mix(mix(before, typed[i + 1]), typed[i]);
    if (typed[i] != typed[i + 1] && best.takes(rank_of(hash_of(typed.subspan(i + 2), swapped)), kSwapped)) {
      best.word = Letters(typed);
      std::swap(best.word.characters[i], best.word.characters[i + 1]);
    }
    before = mix(before, typed[i]);
  }
}

void Spelling::drop_letters(Characters typed, Guess& best) const {
  if (typed.size() <= kLeastSlipped) return;
  each_loss(typed, [&](std::size_t i, std::uint32_t hash) {
    if (i == 0 || i + 1 == typed.size() || !best.takes(rank_of(hash), kAdded)) return;
    best.word = Letters(typed);
    best.word.erase(i);
  });
}

// Words that become `hash` by losing a letter, and the typed one by one slip.
void Spelling::fill_in(Characters typed, std::uint32_t hash, Guess& best) const {
  const std::uint32_t bucket = hash >> bucket_shift_;
  for (std::uint32_t i = bucket > 0 ? bucket_ends_[bucket - 1] : 0; i < bucket_ends_[bucket]; ++i) {
    if (checks_[i] != (hash & 0xff)) continue;
    const Letters word(spelled(ids_[i]));
    if (best.takes(ids_[i] + 1u, cost_of(typed, word.all()))) best.word = word;
  }
}

Spelling::Guess Spelling::guess(const ProseWord& typed, bool may_be_name) const {
  const Characters letters(typed.characters.data(), typed.length);
  Guess best;
  undo_swaps(letters, best);
  if (may_be_name) return best;
  drop_letters(letters, best);
  fill_in(letters, typed.hash, best);
  each_loss(letters, [&](std::size_t, std::uint32_t hash) { fill_in(letters, hash, best); });
  return best;
}

std::string_view Spelling::mend(std::string_view text, std::string& buffer) const {
  std::array<ProseWord, kLookups> unknown;
  std::size_t count = 0, all = 0;
  ProseWord word;
  for (ProseWords words(text); words.next(word); ++all) {
    if (count < unknown.size() && !knows(word.hash)) unknown[count++] = word;
  }
  const bool foreign = count > 1 + all / kForeign;
  std::size_t copied = 0;
  for (const ProseWord& each : std::span(unknown).first(count)) {
    const Guess meant = guess(each, foreign || (each.capital && !each.opens));
    if (meant.word.count == 0) continue;
    if (copied == 0) buffer.clear();
    buffer += text.substr(copied, each.begin - copied);
    append_as(text.substr(each.begin, each.end - each.begin), meant.word.all(), buffer);
    copied = each.end;
  }
  if (copied == 0) return text;
  return buffer += text.substr(copied);
}

base::Status Spelling::open(std::string_view bytes) {
  if (!bytes.starts_with(kMagic)) return bad("not a file of known words");
  if (bytes.size() > kSpellingFileLimit) return bad("larger than 4 MB");
  if (bytes.size() % kAlign != 0 || bytes.size() < 2 * kAlign) return bad("cut short");
  if (reinterpret_cast<std::uintptr_t>(bytes.data()) % alignof(std::uint32_t) != 0)
    return bad("not aligned to four bytes");
  Reader header(bytes.substr(kMagic.size()));
  if (const auto version = header.take<std::uint32_t>(); version != kFileVersion)
    return bad("file version " + std::to_string(version) + ", this program reads " + std::to_string(kFileVersion) +
               "; make it again with `basin train --spelling`");
  const auto slots = header.take<std::uint32_t>(), buckets = header.take<std::uint32_t>(),
             losses = header.take<std::uint32_t>(), words = header.take<std::uint32_t>(),
             word_bytes = header.take<std::uint32_t>();
  if (!std::has_single_bit(slots)) return bad("slots must be a power of two");
  if (!std::has_single_bit(buckets) || buckets < 2) return bad("buckets must be a power of two");
  if (words > kRepairedLimit) return bad("more than " + std::to_string(kRepairedLimit) + " spellings");
  Tables tables(bytes.substr(kAlign));
  slots_ = tables.take<std::uint32_t>(slots);
  bucket_ends_ = tables.take<std::uint32_t>(buckets);
  checks_ = tables.take<std::uint8_t>(losses);
  ids_ = tables.take<std::uint16_t>(losses);
  word_ends_ = tables.take<std::uint32_t>(words);
  spellings_ = tables.take<char>(word_bytes);
  if (!tables.whole() || tables.left() != kAlign) return bad("cut short, or longer than its header says");
  if (!is_sealed(bytes)) return bad("the checksum does not match: the file was damaged");
  if (!std::is_sorted(bucket_ends_, bucket_ends_ + buckets) || bucket_ends_[buckets - 1] != losses)
    return bad("buckets are not in order");
  if (std::any_of(ids_, ids_ + losses, [&](std::uint16_t id) { return id >= words; }))
    return bad("a word that is none");
  if (words > 0 && (!std::is_sorted(word_ends_, word_ends_ + words) || word_ends_[words - 1] != word_bytes))
    return bad("a word's spelling ends before it begins");
  slot_mask_ = slots - 1;
  bucket_shift_ = 32 - static_cast<std::uint32_t>(std::countr_zero(buckets));
  return base::ok_status();
}

base::Result<std::shared_ptr<const Spelling>> Spelling::load(std::string bytes) {
  auto spelling = std::make_shared<Spelling>();
  spelling->owned_ = std::move(bytes);
  if (auto status = spelling->open(spelling->owned_); !status) return status.error();
  return std::shared_ptr<const Spelling>(std::move(spelling));
}

base::Result<std::shared_ptr<const Spelling>> Spelling::view(std::string_view bytes) {
  auto spelling = std::make_shared<Spelling>();
  if (auto status = spelling->open(bytes); !status) return status.error();
  return std::shared_ptr<const Spelling>(std::move(spelling));
}

namespace {

// The known words' table, as large as it must be for all of them to be found within kWalk slots.
std::vector<std::uint32_t> slots_of(const std::vector<std::string>& words) {
  for (std::size_t size = std::bit_ceil(words.size() + words.size() / 3 + kWalk);; size *= 2) {
    std::vector<std::uint32_t> slots(size);
    std::uint32_t rank = 0;
    const bool all = std::all_of(words.begin(), words.end(), [&](const std::string& word) {
      const std::uint32_t hash = hash_of(Letters(word).all());
      ++rank;
      for (std::uint32_t i = 0; i < kWalk; ++i) {
        std::uint32_t& slot = slots[(hash + i) & (size - 1)];
        if (slot != 0 && (slot ^ hash) >= 0x100) continue;
        if (slot == 0) slot = (hash & ~0xffu) | byte_of_rank(rank);
        return true;
      }
      return false;
    });
    if (all) return slots;
  }
}

struct Loss {
  std::uint32_t hash;
  std::uint16_t id;
};
std::vector<Loss> losses_of(const std::vector<std::string>& words, std::size_t repaired) {
  std::vector<Loss> losses;
  for (std::size_t id = 0; id < repaired; ++id) {
    each_loss(Letters(words[id]).all(), [&](std::size_t, std::uint32_t hash) {
      losses.push_back({hash, static_cast<std::uint16_t>(id)});
    });
  }
  std::sort(losses.begin(), losses.end(),
            [](const Loss& a, const Loss& b) { return a.hash != b.hash ? a.hash < b.hash : a.id < b.id; });
  return losses;
}

}  // namespace

std::string encode_spelling(const std::vector<std::string>& words, std::size_t repaired) {
  const std::vector<std::uint32_t> slots = slots_of(words);
  const std::vector<Loss> losses = losses_of(words, repaired);
  const std::size_t buckets = std::bit_ceil(std::max<std::size_t>(losses.size() / kLossesPerBucket, 2));
  const int shift = 32 - std::countr_zero(buckets);
  std::vector<std::uint32_t> bucket_ends(buckets), word_ends;
  std::vector<std::uint8_t> checks;
  std::vector<std::uint16_t> ids;
  for (const Loss& loss : losses) {
    ++bucket_ends[loss.hash >> shift];
    checks.push_back(static_cast<std::uint8_t>(loss.hash));
    ids.push_back(loss.id);
  }
  for (std::size_t i = 1; i < buckets; ++i) bucket_ends[i] += bucket_ends[i - 1];
  std::string spellings;
  for (std::size_t id = 0; id < repaired; ++id) {
    spellings += words[id];
    word_ends.push_back(static_cast<std::uint32_t>(spellings.size()));
  }
  std::string out(kMagic);
  for (const std::size_t value :
       {std::size_t{kFileVersion}, slots.size(), buckets, losses.size(), repaired, spellings.size()})
    append(out, static_cast<std::uint32_t>(value));
  pad(out);
  add_table(out, slots);
  add_table(out, bucket_ends);
  add_table(out, checks);
  add_table(out, ids);
  add_table(out, word_ends);
  out += spellings;
  pad(out);
  seal(out);
  return out;
}

}  // namespace basin::geometry
