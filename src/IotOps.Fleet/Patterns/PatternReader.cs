using System.Text.Json;

namespace IotOps.Fleet.Patterns;

/// <summary>
/// Reads a pattern as EventBridge does. The result is a list of alternatives, one unless the pattern has <c>$or</c>; each says what it asks
/// of each path, and an event matches when it has all of one alternative.
/// </summary>
internal ref struct PatternReader
{
    private const int MaxDepth = 1_000;

    // Words that have a meaning in a pattern, or may get one; as names of members they are refused within $or.
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "exactly", "equals-ignore-case", "prefix", "suffix", "anything-but", "exists", "wildcard", "numeric", "cidr", "=", "<", "<=", ">", ">=",
        "regex", "not-wildcard", "not-equals-ignore-case", "date-after", "date-on-or-after", "date-before", "date-on-or-before", "in-date-range",
        "ip-address-in-range", "ip-address-not-in-range",
    };

    private readonly List<string> _path;
    private Utf8JsonReader _reader;

    private PatternReader(ReadOnlySpan<byte> json)
    {
        _reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        _path = [];
    }

    /// <summary>Reads a pattern.</summary>
    /// <param name="json">The pattern in UTF-8.</param>
    /// <param name="problem">Why it is none; null when it is one.</param>
    /// <returns>The alternatives; empty when it is none.</returns>
    public static List<SortedDictionary<string, PathTerms>> Read(ReadOnlySpan<byte> json, out EventPatternProblem? problem)
    {
        var reader = new PatternReader(json);
        try
        {
            problem = null;
            return reader.Root();
        }
        catch (PatternException e)
        {
            problem = e.Problem;
        }
        catch (JsonException e)
        {
            problem = new EventPatternProblem(reader.Place, (int)reader._reader.BytesConsumed, $"not JSON: {e.Message}");
        }
        catch (InvalidOperationException)
        {
            // The one thing that System.Text.Json finds out only when a text is asked for.
            problem = new EventPatternProblem(reader.Place, (int)reader._reader.TokenStartIndex, "not JSON: a text has half of a surrogate pair, or is no UTF-8");
        }

        return [];
    }

    private readonly string Place => string.Join('.', _path);

    private List<SortedDictionary<string, PathTerms>> Root()
    {
        Next();
        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            throw Bad("a pattern is an object");
        }

        List<SortedDictionary<string, PathTerms>> alternatives = [];
        Object(alternatives, isInOr: false);
        if (_reader.Read())
        {
            throw Bad("something follows the pattern");
        }

        return alternatives;
    }

    private void Object(List<SortedDictionary<string, PathTerms>> alternatives, bool isInOr)
    {
        bool isEmpty = true;
        while (Next() != JsonTokenType.EndObject)
        {
            isEmpty = false;
            string name = _reader.GetString()!;
            if (name == "$or")
            {
                Or(alternatives);
                continue;
            }

            if (isInOr && Reserved.Contains(name))
            {
                throw Bad($"'{name}' is an operator, and no name of a member within $or");
            }

            _path.Add(name);
            switch (Next())
            {
                case JsonTokenType.StartObject:
                    Object(alternatives, isInOr);
                    break;
                case JsonTokenType.StartArray:
                    Put(alternatives, PatternTerms.Read(ref _reader, Place));
                    break;
                default:
                    throw Bad("a value stands in an array, also when it is only one");
            }

            _path.RemoveAt(_path.Count - 1);
        }

        if (isEmpty)
        {
            throw Bad("an empty object asks nothing; leave it out");
        }
    }

    // Each branch goes on from what came before it; what comes behind goes to every branch.
    private void Or(List<SortedDictionary<string, PathTerms>> alternatives)
    {
        if (Next() != JsonTokenType.StartArray)
        {
            throw Bad("$or takes an array of objects");
        }

        SortedDictionary<string, PathTerms>[] before = alternatives.Count == 0 ? [Alternative()] : [.. alternatives];
        alternatives.Clear();
        int branches = 0;
        while (Next() != JsonTokenType.EndArray)
        {
            if (_reader.TokenType != JsonTokenType.StartObject)
            {
                throw Bad("$or takes objects only");
            }

            branches++;
            List<SortedDictionary<string, PathTerms>> branch = [.. before.Select(one => new SortedDictionary<string, PathTerms>(one, StringComparer.Ordinal))];
            Object(branch, isInOr: true);
            alternatives.AddRange(branch);
            if (alternatives.Count > EventPattern.MaxAlternatives)
            {
                throw Bad($"$or makes more than {EventPattern.MaxAlternatives} alternatives");
            }
        }

        if (branches < 2)
        {
            throw Bad("$or takes two objects or more");
        }
    }

    // A path that is given again replaces what was said of it before, as a repeated member does.
    private readonly void Put(List<SortedDictionary<string, PathTerms>> alternatives, PathTerms terms)
    {
        if (alternatives.Count == 0)
        {
            alternatives.Add(Alternative());
        }

        foreach (SortedDictionary<string, PathTerms> alternative in alternatives)
        {
            alternative[Place] = terms;
        }
    }

    private JsonTokenType Next() => _reader.Read() ? _reader.TokenType : throw Bad("it ends too early");

    private readonly PatternException Bad(string reason) => new(new EventPatternProblem(Place, (int)_reader.TokenStartIndex, reason));

    private static SortedDictionary<string, PathTerms> Alternative() => new(StringComparer.Ordinal);
}
