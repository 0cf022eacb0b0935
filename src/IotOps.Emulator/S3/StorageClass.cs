using IotOps.Emulator.Http;

namespace IotOps.Emulator.S3;

/// <summary>The storage classes of an ordinary bucket. See https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html.</summary>
internal static class StorageClass
{
    /// <summary>The one that an object has unless a request names another.</summary>
    public const string Standard = "STANDARD";

    private static readonly string[] All =
        [Standard, "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"];

    /// <exception cref="Refusal">The class does not exist, or not in an ordinary bucket.</exception>
    public static string Of(S3Call call)
    {
        string asked = call.Header("x-amz-storage-class") ?? Standard;
        return All.Contains(asked, StringComparer.Ordinal)
            ? asked
            : throw new Refusal(400, "InvalidStorageClass", "The storage class you specified is not valid") { Details = [new("StorageClassRequested", asked)] };
    }

    /// <summary>Whether an object of this class has to be restored before it can be read, which the emulator does not do.</summary>
    public static bool IsArchived(string storageClass) => storageClass is "GLACIER" or "DEEP_ARCHIVE";

    public static Refusal NotRestored(string storageClass) =>
        new(403, "InvalidObjectState", "The operation is not valid for the object's storage class") { Details = [new("StorageClass", storageClass)] };
}
