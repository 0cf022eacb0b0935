using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IotOps.Slack;

namespace IotOps.SlackExport.Requests;

/// <summary>
/// Names requests by user, content and time: a user who repeats a command because Slack showed <c>operation_timeout</c> requests the
/// same export. Begins with the environment, so that <c>status</c> and <c>link</c> know where to look. The rest is an HMAC: nobody without the
/// signing secret computes the id of another user's request.
/// </summary>
internal sealed class RequestIds
{
    /// <summary>The same request of the same user within the same window of the clock is the same export.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    /// <summary>A repetition this soon after the first is the same export even where a new window has begun between them.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromMinutes(2);

    private const string NoEnvironment = "logs";
    private const int HashBytes = 16;
    private const int KeyBytes = 32;

    private readonly byte[] _key;

    /// <summary>Derives the key from the signing secrets, which all processes that answer share; their order does not matter.</summary>
    public RequestIds(IEnumerable<string> signingSecrets) => _key = HKDF.DeriveKey(
        HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(signingSecrets.Min(StringComparer.Ordinal)!), KeyBytes, info: "IotOps.SlackExport request ids"u8.ToArray());

    /// <summary>The ids that the request may have: the present window's, and the one of the window before while that is not long over.</summary>
    public (string Present, string? Before) Of(SlashCommand command, LogExportQuery query, DateTimeOffset receivedAt)
    {
        (long window, long into) = Math.DivRem(receivedAt.UtcTicks, Window.Ticks);
        return (Of(command, query, window), into < Overlap.Ticks ? Of(command, query, window - 1) : null);
    }

    /// <summary>Stands for a user in keys of S3.</summary>
    public string OfUser(SlashCommand command) => Hash($"user\n{command.EnterpriseId}\n{command.TeamId}\n{command.UserId}");

    /// <summary>The environment that an id begins with: the longest name that fits; null when none does.</summary>
    public static string? Environment(string id, IEnumerable<string> environments) =>
        environments.Where(name => id.StartsWith($"{name}-", StringComparison.Ordinal)).MaxBy(name => name.Length);

    private string Of(SlashCommand command, LogExportQuery query, long window) =>
        $"{query.Environment ?? NoEnvironment}-{Hash(string.Create(CultureInfo.InvariantCulture, $"{command.EnterpriseId}\n{command.TeamId}\n{command.UserId}\n{query}\n{window}"))}";

    private string Hash(string text) => Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(text)).AsSpan(0, HashBytes));
}
