using System.Text.Json;
using IotOps.Slack.Messages;

namespace IotOps.Slack;

/// <summary>
/// A button that opens a URL: the place for one that is too long to read. Slack also tells the app's interactivity URL of the click; where
/// that does not answer 200, or is not set, a warning stands beside the button.
/// </summary>
public sealed class SlackLinkButton
{
    /// <summary>Characters that a button's URL may have. See https://docs.slack.dev/reference/block-kit/block-elements/button-element.</summary>
    public const int MaxUrlChars = SlackLimits.UrlChars;

    /// <summary>Takes label and target.</summary>
    /// <exception cref="ArgumentException">The label is not 1 to 75 characters, or the URL is not http(s) of at most 3,000.</exception>
    public SlackLinkButton(string label, Uri url)
    {
        ArgumentNullException.ThrowIfNull(label);
        ArgumentNullException.ThrowIfNull(url);
        if (label.Length is < 1 or > SlackLimits.ButtonChars)
        {
            throw new ArgumentException($"A button's label has 1 to {SlackLimits.ButtonChars} characters, not {label.Length}.", nameof(label));
        }

        // The URL may be a secret for as long as it is valid: its length says enough.
        if (!url.IsAbsoluteUri || url.Scheme is not ("https" or "http") || url.AbsoluteUri.Length > SlackLimits.UrlChars)
        {
            throw new ArgumentException($"A button opens an absolute http or https URL of at most {SlackLimits.UrlChars} characters.", nameof(url));
        }

        Label = SlackText.WellFormed(label);
        Url = url;
    }

    /// <summary>What stands on it; plain text.</summary>
    public string Label { get; }

    /// <summary>What it opens.</summary>
    public Uri Url { get; }

    /// <summary>Whether it stands out in the colour of a main action.</summary>
    public bool IsPrimary { get; init; }

    internal void WriteTo(Utf8JsonWriter json)
    {
        json.WriteString("type"u8, "button"u8);
        json.WriteStartObject("text"u8);
        json.WriteString("type"u8, "plain_text"u8);
        json.WriteString("text"u8, Label);
        json.WriteEndObject();
        json.WriteString("url"u8, Url.AbsoluteUri);
        if (IsPrimary)
        {
            json.WriteString("style"u8, "primary"u8);
        }
    }
}
