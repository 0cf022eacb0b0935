using System.Security.Cryptography;
using System.Text;

namespace IotOps.Slack.Tests.Verification;

/// <summary>A request signed as Slack does it, independently of the code under test.</summary>
internal static class SignedRequest
{
    public const string Secret = "8f742231b10e8888abcd99yyyzzz85a5";

    public static SlackRequestHeaders Sign(string timestamp, byte[] body, string secret = Secret) => new(timestamp, Signature(timestamp, body, secret));

    public static string Signature(string timestamp, byte[] body, string secret = Secret)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"v0:{timestamp}:"), .. body];
        return "v0=" + Convert.ToHexString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed)).ToLowerInvariant();
    }
}
