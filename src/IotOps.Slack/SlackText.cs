using System.Text;

namespace IotOps.Slack;

/// <summary>
/// Text in Slack's mrkdwn, in which <c>&amp;</c>, <c>&lt;</c> and <c>&gt;</c> of the data were escaped exactly once: a string becomes one
/// by being escaped, markup only by asking for it. Immutable. See https://docs.slack.dev/messaging/formatting-message-text.
/// </summary>
public sealed class SlackText : IEquatable<SlackText>
{
    private SlackText(string mrkdwn) => Mrkdwn = mrkdwn;

    /// <summary>Nothing.</summary>
    public static SlackText Empty { get; } = new("");

    /// <summary>The text as it is sent.</summary>
    public string Mrkdwn { get; }

    /// <summary>Data: every character shows as it is. So does an implicit conversion from a string.</summary>
    public static implicit operator SlackText(string text) => FromString(text);

    /// <summary>Data: every character shows as it is.</summary>
    public static SlackText FromString(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new SlackText(Escape(text));
    }

    /// <summary>
    /// Data of which no more than so many characters are sent, escapes included; what is left out shows as an ellipsis. Never cuts an
    /// escape or a surrogate pair in two.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxChars"/> is below 1.</exception>
    public static SlackText Shortened(string text, int maxChars)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxChars, 1);
        string whole = Escape(text);
        if (whole.Length <= maxChars)
        {
            return new SlackText(whole);
        }

        var kept = new StringBuilder(maxChars);
        foreach (Rune rune in text.EnumerateRunes())
        {
            string next = Escape(rune.ToString());
            if (kept.Length + next.Length > maxChars - 1)
            {
                break;
            }

            kept.Append(next);
        }

        return new SlackText(kept.Append('…').ToString());
    }

    /// <summary>Markup with data in its holes: <c>SlackText.Markup($"*Identifier*: {name}")</c>. What stands in the literal is sent as it is, strings in holes are escaped, a <see cref="SlackText"/> in a hole is not escaped again.</summary>
    public static SlackText Markup(ref SlackTextHandler markup) => new(markup.ToMrkdwn());

    /// <summary>Data in a fixed-width font.</summary>
    public static SlackText Code(string text)
    {
        ArgumentNullException.ThrowIfNull(text);

        // Slack has no escape for a backtick inside code.
        return new SlackText($"`{Escape(text.Replace('`', '\''))}`");
    }

    /// <summary>A name of something: as it is when no character of it could be markup, a picture or a link, otherwise in a fixed-width font, where none is.</summary>
    public static SlackText Name(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-') ? FromString(text) : Code(text);
    }

    /// <summary>A link that shows its label, however long the URL is.</summary>
    /// <exception cref="ArgumentException">The URL is not absolute.</exception>
    public static SlackText Link(Uri url, string label)
    {
        ArgumentNullException.ThrowIfNull(url);
        ArgumentNullException.ThrowIfNull(label);
        if (!url.IsAbsoluteUri)
        {
            throw new ArgumentException("A link needs an absolute URL.", nameof(url));
        }

        // AbsoluteUri has no <, > or | left that would end the link early.
        return new SlackText($"<{Escape(url.AbsoluteUri)}|{Escape(label.Replace('|', '/'))}>");
    }

    /// <summary>Texts one after the other, with something between them.</summary>
    public static SlackText Join(string separator, IEnumerable<SlackText> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return new SlackText(string.Join(Escape(separator), texts.Select(t => t.Mrkdwn)));
    }

    /// <inheritdoc/>
    public bool Equals(SlackText? other) => other is not null && other.Mrkdwn == Mrkdwn;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SlackText);

    /// <inheritdoc/>
    public override int GetHashCode() => Mrkdwn.GetHashCode(StringComparison.Ordinal);

    /// <summary>The text as it is sent.</summary>
    public override string ToString() => Mrkdwn;

    internal static string Escape(string text) =>
        WellFormed(text).Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    // Half a surrogate pair cannot be written as JSON; it shows as the replacement character.
    internal static string WellFormed(string text) =>
        text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') ? string.Concat(text.EnumerateRunes().Select(rune => rune.ToString())) : text;
}
