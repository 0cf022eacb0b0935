using System.Text.Json;
using IotOps.Slack.Messages;

namespace IotOps.Slack;

/// <summary>Small print.</summary>
public sealed class SlackContext : SlackBlock
{
    /// <summary>Takes the texts.</summary>
    /// <exception cref="ArgumentException">Not 1 to 10 texts of 1 to 2,000 characters each.</exception>
    public SlackContext(params IReadOnlyList<SlackText> elements)
    {
        Elements = Checked(elements, SlackLimits.ContextElements, "A context block", nameof(elements));
        foreach (SlackText text in Elements)
        {
            Checked(text, SlackLimits.ContextChars, "An element of a context block", nameof(elements));
        }
    }

    /// <summary>The texts, side by side.</summary>
    public IReadOnlyList<SlackText> Elements { get; }

    internal override void WriteTo(Utf8JsonWriter json)
    {
        json.WriteString("type"u8, "context"u8);
        json.WriteStartArray("elements"u8);
        foreach (SlackText text in Elements)
        {
            json.WriteStartObject();
            WriteMrkdwn(json, text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
