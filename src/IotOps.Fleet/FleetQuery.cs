using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using IotOps.Fleet.Queries;

namespace IotOps.Fleet;

/// <summary>
/// A query of the fleet index, made of parts or read from text. One that exists keeps the service's limits and asks nothing that the service
/// leaves undefined. It can be evaluated here, over things that were read before, and says which term kept a thing out. Immutable.
/// See https://docs.aws.amazon.com/iot/latest/developerguide/query-syntax.html.
/// </summary>
public sealed class FleetQuery
{
    /// <summary>Terms that the service takes in a query.</summary>
    public const int MaxTerms = 12;

    /// <summary>Characters that a query may have when one of its patterns begins with a wildcard.</summary>
    public const int MaxLeadingWildcardCharacters = 100;

    private readonly QueryNode _root;

    private FleetQuery(QueryNode root, string text)
    {
        _root = root;
        Text = text;
        if (Wrong(root, text) is { } wrong)
        {
            throw new FormatException($"The query cannot be sent: {wrong}.");
        }
    }

    /// <summary>The query as the service takes it.</summary>
    public string Text { get; }

    /// <summary>Every thing.</summary>
    public static FleetQuery All { get; } = new(new QueryTerm(null, new PresentTest()), "*");

    /// <summary>Terms in it; <see cref="MaxTerms"/> are allowed.</summary>
    public int Terms => _root.Terms.Count();

    /// <summary>Reads a query.</summary>
    /// <exception cref="FormatException">The service would refuse it, or does not define it; the message says where and what to write instead.</exception>
    public static FleetQuery Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return string.IsNullOrWhiteSpace(text)
            ? throw new FormatException("The query cannot be sent: it is empty; * finds every thing.")
            : new FleetQuery(QueryParser.Parse(text), text);
    }

    /// <summary>Reads a query, or says what is wrong with it.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out FleetQuery? query, [NotNullWhen(false)] out string? problem)
    {
        try
        {
            query = Parse(text);
            problem = null;
            return true;
        }
        catch (FormatException e)
        {
            query = null;
            problem = e.Message;
            return false;
        }
    }

    /// <summary>The field has a word, or words that follow each other. Whatever the value has is escaped: <c>*</c> is a star.</summary>
    /// <exception cref="FormatException">The value is empty, or has a character that the index does not support.</exception>
    public static FleetQuery Equal(FleetField field, string value) => Of(field, new WordsTest(Checked(value)));

    /// <summary>The field is a number.</summary>
    public static FleetQuery Equal(FleetField field, double value) => Equal(field, Number(value));

    /// <summary>The field is true, or false.</summary>
    public static FleetQuery Equal(FleetField field, bool value) => Equal(field, value ? "true" : "false");

    /// <summary>The field matches a pattern: <c>*</c> is any text, <c>?</c> one character; nothing else is special.</summary>
    /// <exception cref="FormatException">The pattern is empty, has no wildcard, or a character that the index does not support.</exception>
    public static FleetQuery Like(FleetField field, string pattern)
    {
        Checked(pattern);
        QueryCharacter[] characters = [.. pattern.Select(c => new QueryCharacter(c, c is '*' or '?'))];
        return !Array.Exists(characters, c => c.IsWildcard) ? throw new FormatException($"'{pattern}' has no wildcard; use Equal.")
            : pattern == "*" ? Exists(field)
            : pattern.Any(char.IsWhiteSpace) ? throw new FormatException($"'{pattern}' has blanks: a pattern is one word.")
            : Of(field, new PatternTest(characters));
    }

    /// <summary>The field has a value.</summary>
    public static FleetQuery Exists(FleetField field) => Of(field, new PresentTest());

    /// <summary>The field is a number above another.</summary>
    public static FleetQuery GreaterThan(FleetField field, double value) => Of(field, new RangeTest(new RangeEnd(Number(value), true), null));

    /// <summary>The field is a number that is at least another.</summary>
    public static FleetQuery AtLeast(FleetField field, double value) => Of(field, new RangeTest(new RangeEnd(Number(value), false), null));

    /// <summary>The field is a number below another.</summary>
    public static FleetQuery LessThan(FleetField field, double value) => Of(field, new RangeTest(null, new RangeEnd(Number(value), true)));

    /// <summary>The field is a number that is at most another.</summary>
    public static FleetQuery AtMost(FleetField field, double value) => Of(field, new RangeTest(null, new RangeEnd(Number(value), false)));

    /// <summary>The field is a number from one to another, both included.</summary>
    /// <exception cref="FormatException">The range begins above its end.</exception>
    public static FleetQuery Between(FleetField field, double from, double to) => from > to
        ? throw new FormatException($"The range begins above its end: {Number(from)} to {Number(to)}.")
        : Of(field, new RangeTest(new RangeEnd(Number(from), false), new RangeEnd(Number(to), false)));

    /// <summary>Any field of registry, shadows and Device Defender has a word, or words that follow each other.</summary>
    /// <exception cref="FormatException">The value is empty, or has a character that the index does not support.</exception>
    public static FleetQuery Anywhere(string value) => Of(new QueryTerm(null, new WordsTest(Checked(value))));

    /// <summary>Both.</summary>
    public FleetQuery And(FleetQuery other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Of(new GroupNode(isAnd: true, [_root, other._root]));
    }

    /// <summary>Either, or both.</summary>
    public FleetQuery Or(FleetQuery other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Of(new GroupNode(isAnd: false, [_root, other._root]));
    }

    /// <summary>All others.</summary>
    public FleetQuery Not() => Of(new NotNode(_root));

    /// <summary>Whether the query finds a thing.</summary>
    public bool Matches(FleetThing thing)
    {
        ArgumentNullException.ThrowIfNull(thing);
        return _root.Misses(thing).Count == 0;
    }

    /// <summary>Whether the query finds a thing, and if not, why.</summary>
    public FleetQueryVerdict Explain(FleetThing thing)
    {
        ArgumentNullException.ThrowIfNull(thing);
        return new FleetQueryVerdict(thing, _root.Misses(thing));
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static FleetQuery Of(FleetField field, ValueTest test) =>
        string.IsNullOrWhiteSpace(field.Path) ? throw new FormatException("A field has a name.") : Of(new QueryTerm(Checked(field.Path), test));

    // Written and read again, so that what is built keeps the same rules as what is typed.
    private static FleetQuery Of(QueryNode root) => Parse(root.Text);

    private static string Checked(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        int wrong = value.AsSpan().IndexOfAny(QueryText.UnsupportedCharacters);
        return string.IsNullOrWhiteSpace(value) ? throw new FormatException("An empty value cannot be searched for; use Exists, or Exists and Not.")
            : wrong >= 0 ? throw new FormatException($"'{value}' cannot be searched for: the index does not support '{value[wrong]}' in a query.")
            : value;
    }

    private static string Number(double value) => double.IsFinite(value)
        ? value.ToString(Math.Abs(value) is >= 1e15 or (< 1e-5 and > 0) ? "R" : "0.####################", CultureInfo.InvariantCulture)
        : throw new FormatException($"{value} cannot be searched for; a number is finite.");

    private static string? Wrong(QueryNode root, string text)
    {
        QueryTerm[] terms = [.. root.Terms];
        int leading = terms.Count(term => term.Test.HasLeadingWildcard);
        return terms.Length > MaxTerms ? $"it has {terms.Length} terms; {MaxTerms} are allowed. Ask twice and join what is found"
            : leading > 1 ? $"{leading} patterns begin with a wildcard; one may"
            : leading == 1 && text.Length > MaxLeadingWildcardCharacters
                ? $"it has {text.Length} characters and a pattern that begins with a wildcard; {MaxLeadingWildcardCharacters} are allowed then"
            : null;
    }
}
