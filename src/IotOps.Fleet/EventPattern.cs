using System.Diagnostics.CodeAnalysis;
using System.Text;
using IotOps.Fleet.Patterns;

namespace IotOps.Fleet;

/// <summary>
/// An event pattern of Amazon EventBridge, read and evaluated here as the service does: exact values, <c>prefix</c>, <c>suffix</c>,
/// <c>equals-ignore-case</c>, <c>wildcard</c>, <c>anything-but</c>, <c>numeric</c>, <c>cidr</c>, <c>exists</c> and <c>$or</c>. Values from
/// one array of objects must come from the same object. It is immutable and may be used by several threads.
/// See https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html.
/// </summary>
public sealed class EventPattern
{
    /// <summary>Characters that EventBridge takes in a pattern.</summary>
    public const int MaxCharacters = 4_096;

    /// <summary>Alternatives that the <c>$or</c> of a pattern may make.</summary>
    public const int MaxAlternatives = 1_000;

    private readonly Lazy<EventPatternSet> _alone;

    private EventPattern(string json, List<SortedDictionary<string, PathTerms>> alternatives)
    {
        Json = json;
        Alternatives = alternatives;
        _alone = new Lazy<EventPatternSet>(() => new EventPatternSet([this]));
    }

    /// <summary>The pattern as it was given.</summary>
    public string Json { get; }

    internal IReadOnlyList<SortedDictionary<string, PathTerms>> Alternatives { get; }

    /// <summary>Reads a pattern.</summary>
    /// <exception cref="FormatException">It is none; the message says where and why.</exception>
    public static EventPattern Parse(string json) =>
        TryParse(json, out EventPattern? pattern, out EventPatternProblem? problem) ? pattern : throw new FormatException(problem.ToString());

    /// <summary>Reads a pattern, or says what is wrong with it.</summary>
    public static bool TryParse(string json, [NotNullWhen(true)] out EventPattern? pattern, [NotNullWhen(false)] out EventPatternProblem? problem)
    {
        ArgumentNullException.ThrowIfNull(json);
        pattern = null;
        if (json.Length > MaxCharacters)
        {
            problem = new EventPatternProblem("", 0, $"it has {json.Length} characters; EventBridge takes {MaxCharacters}");
            return false;
        }

        List<SortedDictionary<string, PathTerms>> alternatives = PatternReader.Read(Encoding.UTF8.GetBytes(json), out problem);
        if (problem is not null)
        {
            return false;
        }

        pattern = new EventPattern(json, alternatives);
        return true;
    }

    /// <summary>Whether an event matches. For more than one pattern an <see cref="EventPatternSet"/> is faster.</summary>
    /// <param name="utf8Event">A JSON object in UTF-8.</param>
    /// <exception cref="FormatException">The event is no JSON object.</exception>
    public bool Matches(ReadOnlySpan<byte> utf8Event)
    {
        List<int> matched = [];
        _alone.Value.Match(utf8Event, matched);
        return matched.Count > 0;
    }

    /// <summary>Whether an event matches.</summary>
    /// <param name="json">A JSON object.</param>
    /// <exception cref="FormatException">The event is no JSON object.</exception>
    public bool Matches(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return Matches(Encoding.UTF8.GetBytes(json));
    }

    /// <inheritdoc/>
    public override string ToString() => Json;
}
