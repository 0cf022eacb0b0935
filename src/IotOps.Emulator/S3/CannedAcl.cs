using IotOps.Emulator.Http;

namespace IotOps.Emulator.S3;

/// <summary>
/// The values of x-amz-acl. Buckets made since April 2023 know no access control lists: everything is its owner's, and only what says that is taken.
/// See https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-ownership-error-responses.html.
/// </summary>
internal static class CannedAcl
{
    private static readonly string[] OfOwner = ["bucket-owner-full-control"];

    // A bucket that only its owner may use is what any new bucket is.
    private static readonly string[] OfNewBucket = ["private", .. OfOwner];

    /// <exception cref="Refusal">The bucket would have to know the list.</exception>
    public static void Check(string operation, string value)
    {
        bool isBucket = operation == "CreateBucket";
        if ((isBucket ? OfNewBucket : OfOwner).Contains(value, StringComparer.Ordinal))
        {
            return;
        }

        throw isBucket
            ? new Refusal(400, "InvalidBucketAclWithObjectOwnership", "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting")
            : new Refusal(400, "AccessControlListNotSupported", "The bucket does not allow ACLs");
    }
}
