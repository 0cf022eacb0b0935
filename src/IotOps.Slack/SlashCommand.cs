using System.Diagnostics.CodeAnalysis;
using IotOps.Slack.Forms;

namespace IotOps.Slack;

/// <summary>
/// One use of a slash command, as Slack posts it. Immutable. Verify the request first.
/// See https://docs.slack.dev/interactivity/implementing-slash-commands.
/// </summary>
public sealed class SlashCommand
{
    private readonly Dictionary<string, string> _fields;

    private SlashCommand(Dictionary<string, string> fields, Uri? responseUrl)
    {
        _fields = fields;
        ResponseUrl = responseUrl;
    }

    /// <summary>The command with its slash, such as <c>/iot-log</c>.</summary>
    public string Command => this["command"]!;

    /// <summary>What the user typed behind it; empty when nothing.</summary>
    public string Text => this["text"] ?? "";

    /// <summary>Where to post up to 5 answers within 30 minutes. It needs no other permission: treat it as a secret.</summary>
    public Uri? ResponseUrl { get; }

    /// <summary>Opens a dialog within 3 seconds.</summary>
    public string? TriggerId => this["trigger_id"];

    /// <summary>Who used the command.</summary>
    public string UserId => this["user_id"]!;

    /// <summary>That user's name; Slack may stop sending it.</summary>
    public string? UserName => this["user_name"];

    /// <summary>The workspace.</summary>
    public string? TeamId => this["team_id"];

    /// <summary>The workspace's name in its address.</summary>
    public string? TeamDomain => this["team_domain"];

    /// <summary>The channel or conversation that the command was used in.</summary>
    public string? ChannelId => this["channel_id"];

    /// <summary>That channel's name, <c>directmessage</c> or <c>privategroup</c>.</summary>
    public string? ChannelName => this["channel_name"];

    /// <summary>The Slack app.</summary>
    public string? ApiAppId => this["api_app_id"];

    /// <summary>The organisation, where there is one.</summary>
    public string? EnterpriseId => this["enterprise_id"];

    /// <summary>That organisation's name.</summary>
    public string? EnterpriseName => this["enterprise_name"];

    /// <summary>Whether the app is installed for a whole organisation; Slack sends it as the text <c>true</c> or <c>false</c>.</summary>
    public bool IsEnterpriseInstall => this["is_enterprise_install"] == "true";

    /// <summary>The deprecated verification token. A secret, and no proof of anything: the signature is.</summary>
    public string? Token => this["token"];

    /// <summary>Every field, also those that this type does not know.</summary>
    public IReadOnlyDictionary<string, string> Fields => _fields;

    /// <summary>A field by Slack's name for it; null when it was not sent.</summary>
    public string? this[string field] => _fields.GetValueOrDefault(field);

    /// <summary>
    /// Reads a form of at most 64 KiB and 100 fields. Refused are bad percent-encoding, bad UTF-8, a field that occurs twice, and a form
    /// without <c>command</c> or <c>user_id</c> or with a <c>response_url</c> that is no absolute http or https URL.
    /// </summary>
    /// <param name="form">The raw body.</param>
    /// <param name="command">The command; null when refused.</param>
    /// <param name="problem">Why it was refused, without any field's value; null otherwise.</param>
    public static bool TryParse(ReadOnlySpan<byte> form, [NotNullWhen(true)] out SlashCommand? command, [NotNullWhen(false)] out string? problem)
    {
        command = null;
        if (FormReader.Read(form, out problem) is not { } fields)
        {
            problem ??= "The body is not a form.";
            return false;
        }

        if (string.IsNullOrEmpty(fields.GetValueOrDefault("command")) || string.IsNullOrEmpty(fields.GetValueOrDefault("user_id")))
        {
            problem = "The form is no slash command: it has no command or no user_id.";
            return false;
        }

        Uri? responseUrl = null;
        if (fields.TryGetValue("response_url", out string? url)
            && (!Uri.TryCreate(url, UriKind.Absolute, out responseUrl) || responseUrl.Scheme is not ("https" or "http")))
        {
            problem = "The response_url is not an absolute http or https URL.";
            return false;
        }

        command = new SlashCommand(fields, responseUrl);
        return true;
    }

    /// <summary>Who typed what, without token, response_url and trigger_id.</summary>
    public override string ToString() => $"{Command} {Text} (user {UserId}, channel {ChannelId ?? "unknown"})";
}
