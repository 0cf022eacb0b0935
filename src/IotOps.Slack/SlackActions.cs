using System.Text.Json;
using IotOps.Slack.Messages;

namespace IotOps.Slack;

/// <summary>A row of link buttons.</summary>
public sealed class SlackActions : SlackBlock
{
    /// <summary>Takes the buttons.</summary>
    /// <exception cref="ArgumentException">Not 1 to 25 buttons.</exception>
    public SlackActions(params IReadOnlyList<SlackLinkButton> buttons) =>
        Buttons = Checked(buttons, SlackLimits.ActionElements, "A row of actions", nameof(buttons));

    /// <summary>The buttons, side by side.</summary>
    public IReadOnlyList<SlackLinkButton> Buttons { get; }

    internal override void WriteTo(Utf8JsonWriter json)
    {
        json.WriteString("type"u8, "actions"u8);
        json.WriteStartArray("elements"u8);
        foreach (SlackLinkButton button in Buttons)
        {
            json.WriteStartObject();
            button.WriteTo(json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
