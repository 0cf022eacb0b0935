using System.Numerics;
using System.Text;
using IotOps.Fleet.Patterns;

namespace IotOps.Fleet;

/// <summary>
/// Many event patterns at once: one pass over an event's bytes finds all that match, in nearly the time that one takes. It is immutable and may
/// be used by several threads.
/// </summary>
public sealed class EventPatternSet
{
    private readonly PathNode _paths = new();
    private readonly List<PatternRule> _rules = [];
    private readonly PathMatcher[] _matchers;
    private readonly int _words;
    private EventFields? _spare;

    /// <param name="patterns">The patterns; a match is told by the place in this list.</param>
    public EventPatternSet(IReadOnlyList<EventPattern> patterns)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        Patterns = [.. patterns];
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < Patterns.Count; i++)
        {
            foreach (SortedDictionary<string, PathTerms> alternative in Patterns[i].Alternatives)
            {
                _rules.Add(new PatternRule(i, [.. alternative.Keys.Select(path => Number(path, numbers))], [.. alternative.Values]));
            }
        }

        _words = (_rules.Count + 63) / 64;
        PathMatcher[] byNumber = [.. Enumerable.Range(0, numbers.Count).Select(path => new PathMatcher(path, _words))];
        for (int rule = 0; rule < _rules.Count; rule++)
        {
            for (int i = 0; i < _rules[rule].Paths.Length; i++)
            {
                byNumber[_rules[rule].Paths[i]].Add(rule, _rules[rule].Terms[i]);
            }
        }

        // Paths that are only looked up come first: rules that they take out need nothing evaluated.
        _matchers = [.. byNumber.OrderBy(matcher => matcher.Cost)];
        PathCount = numbers.Count;
    }

    /// <summary>The patterns.</summary>
    public IReadOnlyList<EventPattern> Patterns { get; }

    private int PathCount { get; }

    /// <summary>Finds the patterns that an event matches.</summary>
    /// <param name="utf8Event">A JSON object in UTF-8.</param>
    /// <param name="matched">Emptied, then filled with the matching patterns' places in <see cref="Patterns"/>, in order.</param>
    /// <exception cref="FormatException">The event is no JSON object; the message says where.</exception>
    public void Match(ReadOnlySpan<byte> utf8Event, List<int> matched)
    {
        ArgumentNullException.ThrowIfNull(matched);
        matched.Clear();
        EventFields fields = Interlocked.Exchange(ref _spare, null) ?? new EventFields(PathCount);
        EventScanner.Scan(utf8Event, _paths, fields);
        Span<ulong> bits = _words <= 64 ? stackalloc ulong[2 * _words] : new ulong[2 * _words];
        Span<ulong> alive = bits[.._words];
        alive.Fill(ulong.MaxValue);
        if (_rules.Count % 64 != 0)
        {
            alive[^1] = (1UL << (_rules.Count % 64)) - 1;
        }

        bool isAny = _words > 0;
        for (int i = 0; isAny && i < _matchers.Length; i++)
        {
            isAny = _matchers[i].Narrow(utf8Event, fields, alive, bits[_words..]);
        }

        if (isAny)
        {
            Collect(utf8Event, fields, alive, matched);
        }

        _spare = fields;
    }

    /// <summary>The patterns that an event matches.</summary>
    /// <param name="json">A JSON object.</param>
    /// <exception cref="FormatException">The event is no JSON object; the message says where.</exception>
    public IReadOnlyList<EventPattern> Match(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        List<int> matched = [];
        Match(Encoding.UTF8.GetBytes(json), matched);
        return [.. matched.Select(i => Patterns[i])];
    }

    private void Collect(ReadOnlySpan<byte> json, EventFields fields, ReadOnlySpan<ulong> alive, List<int> matched)
    {
        for (int word = 0; word < alive.Length; word++)
        {
            for (ulong left = alive[word]; left != 0; left &= left - 1)
            {
                PatternRule rule = _rules[(64 * word) + BitOperations.TrailingZeroCount(left)];
                bool isTold = matched.Count > 0 && matched[^1] == rule.Pattern;
                if (!isTold && (!fields.HasElements || ElementSearch.Matches(json, fields, rule)))
                {
                    matched.Add(rule.Pattern);
                }
            }
        }
    }

    private int Number(string path, Dictionary<string, int> numbers)
    {
        if (!numbers.TryGetValue(path, out int number))
        {
            PathNode node = _paths.Add(Encoding.UTF8.GetBytes(path));
            number = numbers.Count;
            numbers.Add(path, number);
            node.Path = number;
        }

        return number;
    }
}
