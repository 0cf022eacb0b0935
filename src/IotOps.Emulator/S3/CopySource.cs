using IotOps.Emulator.Http;
using IotOps.Emulator.Signing;

namespace IotOps.Emulator.S3;

/// <summary>What x-amz-copy-source names: an object, or a version of one.</summary>
/// <param name="Bucket">Where it lies.</param>
/// <param name="Object">The object.</param>
/// <param name="IsCurrent">Whether it is the newest version of its key.</param>
internal sealed record CopySource(Bucket Bucket, StoredObject Object, bool IsCurrent)
{
    private const string Header = "x-amz-copy-source";
    private const string VersionParameter = "?versionId=";

    /// <exception cref="Refusal">It cannot be read, is not there, or is not the one that the conditions mean.</exception>
    public static CopySource Find(S3Call call, BucketStore store)
    {
        string header = call.Header(Header) ?? "";
        int question = header.IndexOf('?', StringComparison.Ordinal);
        string path = UriCoding.Decode(question < 0 ? header : header[..question]).TrimStart('/');
        int slash = path.IndexOf('/', StringComparison.Ordinal);
        bool isVersion = question >= 0 && header.AsSpan(question).StartsWith(VersionParameter);
        if (slash < 1 || (question >= 0 && !isVersion))
        {
            throw S3Errors.InvalidArgument(Header, header, "Invalid copy source object key");
        }

        if (call.Header("x-amz-source-expected-bucket-owner") is { } owner && owner != store.AccountId)
        {
            throw S3Errors.AccessDenied();
        }

        Bucket bucket = store.Bucket(path[..slash]);
        string key = path[(slash + 1)..];
        StoredObject source = isVersion
            ? Version(bucket, key, AskedVersion.Checked(UriCoding.Decode(header[(question + VersionParameter.Length)..])))
            : bucket.Find(key) ?? throw S3Errors.NoSuchKey(key);
        ObjectConditions.CheckCopySource(call, source);
        return StorageClass.IsArchived(source.StorageClass)
            ? throw new Refusal(403, "ObjectNotInActiveTierError", "The source object of the COPY action is not in the active tier and is only stored in Amazon S3 Glacier.")
            : new CopySource(bucket, source, source.VersionId == bucket.Current(key)?.VersionId);
    }

    /// <summary>Whether a copy would replace the very object that it is of; a former version is put on top of it.</summary>
    public bool IsTarget(S3Call call) => IsCurrent && Bucket.Name == call.Bucket && Object.Key == call.Key;

    /// <summary>Says in the answer which version was copied; of the null version S3 says nothing.</summary>
    public void WriteId(S3Call call)
    {
        if (Object.VersionId != VersionId.Null)
        {
            call.Response.Headers["x-amz-copy-source-version-id"] = Object.VersionId;
        }
    }

    private static StoredObject Version(Bucket bucket, string key, string id)
    {
        StoredObject version = bucket.Version(key, id) ?? throw AskedVersion.NoSuchVersion(key, id);
        return version.IsDeleteMarker
            ? throw new Refusal(400, "InvalidRequest", "The source of a copy request may not specifically refer to a delete marker by version id.")
            : version;
    }
}
