using System.Net;
using System.Security.Cryptography;
using System.Text;
using IotOps.Slack;

namespace IotOps.SlackExport.Tests;

/// <summary>A slash command as Slack posts it, signed by code of the tests' own.</summary>
internal sealed record SlackForm
{
    public const string Secret = "8f742231b10e8888abcd99yyyzzz85a5";

    public string Text { get; init; } = "THING00001 telemetry,command 2023/10/01";

    public string User { get; init; } = "U2147483697";

    public string App { get; init; } = "A0001";

    public string Team { get; init; } = "T0001";

    /// <summary>Null where the workspace belongs to no organisation.</summary>
    public string? Enterprise { get; init; }

    public string Channel { get; init; } = "C2147483705";

    public string ResponseUrl { get; init; } = "https://hooks.slack.com/commands/T0001/1234/abcdef";

    public byte[] ToBytes() => Encoding.ASCII.GetBytes(string.Join('&', new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["token"] = "gIkuvaNzQIHg97ATvDxqgjtO",
        ["api_app_id"] = App,
        ["team_id"] = Team,
        ["enterprise_id"] = Enterprise ?? "",
        ["channel_id"] = Channel,
        ["user_id"] = User,
        ["command"] = "/iot-log",
        ["text"] = Text,
        ["response_url"] = ResponseUrl,
        ["trigger_id"] = "13345224609.738474920.8088930838d88f008e0",
    }.Select(field => $"{field.Key}={WebUtility.UrlEncode(field.Value)}")));

    /// <summary>The form, signed at a time, as a Lambda Function URL hands it over.</summary>
    public string ToEvent(DateTimeOffset at, string path = "/slack/iot-log", string method = "POST")
    {
        byte[] body = ToBytes();
        SlackRequestHeaders signed = Sign(body, at);
        return $$$"""
            {"version":"2.0","rawPath":"{{{path}}}","headers":{"x-slack-request-timestamp":"{{{signed.Timestamp}}}","x-slack-signature":"{{{signed.Signature}}}"},
             "requestContext":{"http":{"method":"{{{method}}}"}},"body":"{{{Convert.ToBase64String(body)}}}","isBase64Encoded":true}
            """;
    }

    /// <summary>The headers that go with a body at a time.</summary>
    public static SlackRequestHeaders Sign(byte[] body, DateTimeOffset at, string secret = Secret)
    {
        string timestamp = at.ToUnixTimeSeconds().ToString();
        byte[] signed = [.. Encoding.ASCII.GetBytes($"v0:{timestamp}:"), .. body];
        byte[] mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed);
        return new SlackRequestHeaders(timestamp, $"v0={Convert.ToHexStringLower(mac)}");
    }
}
