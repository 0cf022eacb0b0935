using System.Net;
using System.Text.RegularExpressions;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.S3;

/// <summary>What a new bucket may be called. See https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html.</summary>
internal static partial class BucketName
{
    private static readonly string[] ReservedStarts = ["xn--", "sthree-", "amzn-s3-demo-"];

    private static readonly string[] ReservedEnds = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"];

    /// <exception cref="Refusal">No bucket can be called so.</exception>
    public static void Check(string name)
    {
        bool isLabels = Pattern().IsMatch(name) && !name.Contains("..", StringComparison.Ordinal)
            && !name.Contains(".-", StringComparison.Ordinal) && !name.Contains("-.", StringComparison.Ordinal);
        bool isAddress = name.Split('.').Length == 4 && IPAddress.TryParse(name, out _);
        bool isReserved = ReservedStarts.Any(s => name.StartsWith(s, StringComparison.Ordinal)) || ReservedEnds.Any(e => name.EndsWith(e, StringComparison.Ordinal));
        if (!isLabels || isAddress || isReserved)
        {
            throw new Refusal(400, "InvalidBucketName", "The specified bucket is not valid.") { Details = [new("BucketName", name)] };
        }
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9.\-]{1,61}[a-z0-9]\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Pattern();
}
