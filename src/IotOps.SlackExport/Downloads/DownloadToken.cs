using System.Security.Cryptography;
using System.Text;
using IotOps.SlackExport.Requests;

namespace IotOps.SlackExport.Downloads;

/// <summary>
/// What a link of this program's own ends with: the environment, so that it is known where to look, and 128 random bits. It is a secret; stored is
/// its hash.
/// </summary>
internal static class DownloadToken
{
    private const int RandomBytes = 16;

    /// <summary>Makes one for a request.</summary>
    public static string Create(string requestId) =>
        $"{requestId[..requestId.LastIndexOf('-')]}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes))}";

    /// <summary>Whether text could be one.</summary>
    public static bool IsOne(string text) =>
        text.Length is > 2 * RandomBytes and <= 128
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
        && text[^(2 * RandomBytes)..].All(char.IsAsciiHexDigitLower);

    /// <summary>What is stored of it.</summary>
    public static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(token)));

    /// <summary>Whether a stored link is that token's, in a time that tells nothing.</summary>
    public static bool Opens(string token, StoredDownload stored) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Hash(token)), Encoding.ASCII.GetBytes(stored.Hash));
}
