using System.Text.RegularExpressions;
using IotOps.Emulator.Http;
using IotOps.Emulator.Signing;

namespace IotOps.Emulator.S3;

/// <summary>
/// Where buckets are, and who may ask them: a signature is for one region. The emulator has one endpoint for all regions, so the region that a
/// request is signed for stands for the endpoint that it would have gone to.
/// </summary>
internal static partial class BucketRegion
{
    /// <summary>The region whose endpoint creates buckets anywhere, and knows where each is.</summary>
    public const string Oldest = "us-east-1";

    /// <summary>Where a new bucket goes.</summary>
    /// <exception cref="Refusal">The endpoint does not create buckets there.</exception>
    public static string OfNew(string? constraint, VerifiedSignature signature)
    {
        string endpoint = signature.Claim.Scope.Region;
        if (!Pattern().IsMatch(endpoint) && !signature.Claim.HasNoRegion)
        {
            // No endpoint has such a name, so the request went to the oldest: s3cmd signs for "US" and learns the right one from the answer.
            throw Wrong(signature.Claim, Oldest);
        }

        if (constraint is Oldest or "")
        {
            throw new Refusal(400, "InvalidLocationConstraint", "The specified location-constraint is not valid") { Details = [new("LocationConstraint", constraint)] };
        }

        return endpoint == Oldest || endpoint == constraint
            ? constraint ?? Oldest
            : throw new Refusal(400, "IllegalLocationConstraintException", $"The {constraint ?? "unspecified"} location constraint is incompatible for the region specific endpoint this request was sent to.");
    }

    /// <summary>Sees to it that a request is signed for the region of its bucket, when that exists.</summary>
    /// <exception cref="Refusal">It is signed for another, and told the right one.</exception>
    public static void Check(string operation, S3Call call, Bucket? bucket)
    {
        SignatureClaim claim = call.Signature.Claim;
        bool isAnswered = bucket is null || operation is "CreateBucket"
            || claim.Scope.Region == bucket.Region
            || (operation == "GetBucketLocation" && claim.Scope.Region == Oldest)
            || claim.HasNoRegion;
        if (isAnswered)
        {
            return;
        }

        call.Response.Headers["x-amz-bucket-region"] = bucket!.Region;
        throw Wrong(claim, bucket.Region);
    }

    private static Refusal Wrong(SignatureClaim claim, string expected)
    {
        string wrong = $"the region '{claim.Scope.Region}' is wrong; expecting '{expected}'";
        return claim.IsPresigned
            ? new Refusal(400, "AuthorizationQueryParametersError", $"Error parsing the X-Amz-Credential parameter; {wrong}") { Details = [new("Region", expected)] }
            : new Refusal(400, "AuthorizationHeaderMalformed", $"The authorization header is malformed; {wrong}") { Details = [new("Region", expected)] };
    }

    [GeneratedRegex(@"^[a-z]+(-[a-z]+)+-[0-9]+\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Pattern();
}
