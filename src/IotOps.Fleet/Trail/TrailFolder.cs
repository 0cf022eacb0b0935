using System.Runtime.CompilerServices;

namespace IotOps.Fleet.Trail;

/// <summary>The folder of an account's files of one region in a trail's bucket; below it are year, month and day.</summary>
/// <param name="Prefix">Ends with a slash.</param>
/// <param name="Organization">Such as <c>o-exampleorgid</c>; null for a trail of one account.</param>
/// <param name="Account">The account.</param>
/// <param name="Region">The region.</param>
internal sealed record TrailFolder(string Prefix, string? Organization, string Account, string Region)
{
    public const string Logs = "CloudTrail";
    public const string Digests = "CloudTrail-Digest";

    /// <summary>All folders of a kind in a bucket.</summary>
    public static async IAsyncEnumerable<TrailFolder> FindAsync(
        ITrailObjects objects, string bucket, string prefix, string kind, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string root = (prefix.Length == 0 || prefix.EndsWith('/') ? prefix : prefix + "/") + "AWSLogs/";
        await foreach (string first in objects.ListFoldersAsync(bucket, root, cancellationToken).ConfigureAwait(false))
        {
            string name = NameOf(first);
            if (IsAccount(name))
            {
                await foreach (string region in objects.ListFoldersAsync(bucket, $"{first}{kind}/", cancellationToken).ConfigureAwait(false))
                {
                    yield return new TrailFolder(region, null, name, NameOf(region));
                }
            }
            else if (name.StartsWith("o-", StringComparison.Ordinal))
            {
                await foreach (string account in objects.ListFoldersAsync(bucket, first, cancellationToken).ConfigureAwait(false))
                {
                    await foreach (string region in objects.ListFoldersAsync(bucket, $"{account}{kind}/", cancellationToken).ConfigureAwait(false))
                    {
                        yield return new TrailFolder(region, name, NameOf(account), NameOf(region));
                    }
                }
            }
        }
    }

    private static string NameOf(string folder) => folder.TrimEnd('/')[(folder.TrimEnd('/').LastIndexOf('/') + 1)..];

    private static bool IsAccount(string name) => name.Length == 12 && name.All(char.IsAsciiDigit);
}
