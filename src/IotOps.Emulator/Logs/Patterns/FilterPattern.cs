namespace IotOps.Emulator.Logs.Patterns;

/// <summary>
/// Which events a filter pattern wants: terms for text, <c>{ $.member = value }</c> for JSON, <c>[field, other=value]</c> for text of fields. See
/// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html.
/// </summary>
internal abstract class FilterPattern
{
    /// <summary>Reads a pattern; an empty one wants every event.</summary>
    /// <exception cref="Http.Refusal">It is not one, or has what the documentation leaves open.</exception>
    public static FilterPattern Parse(string text)
    {
        var reader = new PatternReader(text);
        reader.SkipSpace();
        return reader.Next switch
        {
            '{' => JsonPattern.Read(reader),
            '[' => FieldPattern.Read(reader),
            _ => TermPattern.Read(reader),
        };
    }

    /// <summary>Whether an event is wanted.</summary>
    /// <param name="message">UTF-8.</param>
    public abstract bool Matches(ReadOnlySpan<byte> message);

    /// <summary>What the fields or members that the pattern names are in an event, by their selectors: <c>$field</c>, <c>$.member</c>.</summary>
    public virtual IReadOnlyDictionary<string, string> Extract(ReadOnlySpan<byte> message) => new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether the pattern can find what a selector names, in some event.</summary>
    public virtual bool Knows(string selector) => false;

    /// <summary>The text of one field or member of an event; null when it has none, or the pattern is of terms.</summary>
    public virtual string? Select(string selector, ReadOnlySpan<byte> message) => null;
}
