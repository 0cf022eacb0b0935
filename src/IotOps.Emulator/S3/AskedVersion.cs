using IotOps.Emulator.Http;

namespace IotOps.Emulator.S3;

/// <summary>The version that a request asks for: the one of its versionId, or the newest.</summary>
internal static class AskedVersion
{
    /// <summary>The versionId of a request; null when it names none.</summary>
    /// <exception cref="Refusal">S3 never gave such an id out.</exception>
    public static string? Id(S3Call call) => call.Query.Find("versionId") is { } id ? Checked(id) : null;

    public static string Checked(string id) => id.Length switch
    {
        0 => throw S3Errors.InvalidArgument("versionId", id, "Version id cannot be the empty string"),
        _ => IsKnown(id) ? id : throw S3Errors.InvalidArgument("versionId", id, "Invalid version id specified"),
    };

    /// <summary>Whether an id may be that of a version, there or gone.</summary>
    public static bool IsKnown(string id) => id == VersionId.Null || VersionId.TryRead(id, out _);

    /// <exception cref="Refusal">There is no such key or version, or a marker is in its place.</exception>
    public static StoredObject Find(S3Call call, Bucket bucket)
    {
        if (Id(call) is { } id)
        {
            StoredObject version = bucket.Version(call.Key, id) ?? throw NoSuchVersion(call.Key, id);
            return version.IsDeleteMarker ? throw IsMarker(call, version) : version;
        }

        return bucket.Find(call.Key) ?? throw NoSuchKey(call, bucket);
    }

    /// <summary>Says that a key has no object, and by which marker if there is one.</summary>
    public static Refusal NoSuchKey(S3Call call, Bucket bucket)
    {
        if (bucket.Current(call.Key) is { IsDeleteMarker: true } marker)
        {
            WriteMarker(call, marker);
        }

        return S3Errors.NoSuchKey(call.Key);
    }

    public static Refusal NoSuchVersion(string key, string id) =>
        new(404, "NoSuchVersion", "The specified version does not exist.") { Details = [new("Key", key), new("VersionId", id)] };

    /// <summary>Nothing can be done with a marker but delete it.</summary>
    public static Refusal IsMarker(S3Call call, StoredObject marker)
    {
        WriteMarker(call, marker);
        call.Response.Headers.Allow = "DELETE";
        call.Response.Headers.LastModified = marker.LastModified.ToString("r");
        return new Refusal(405, "MethodNotAllowed", "The specified method is not allowed against this resource.")
        {
            Details = [new("Method", call.Request.Method), new("ResourceType", "DeleteMarker")],
        };
    }

    /// <summary>Says in an answer which version it is of, where the bucket ever had several.</summary>
    public static void WriteId(S3Call call, Bucket bucket, StoredObject version)
    {
        if (bucket.HasVersions)
        {
            call.Response.Headers["x-amz-version-id"] = version.VersionId;
        }
    }

    /// <summary>Says in an answer which version a write made; of the null version S3 says nothing.</summary>
    public static void WriteNewId(S3Call call, StoredObject version)
    {
        if (version.VersionId != VersionId.Null)
        {
            call.Response.Headers["x-amz-version-id"] = version.VersionId;
        }
    }

    private static void WriteMarker(S3Call call, StoredObject marker)
    {
        call.Response.Headers["x-amz-delete-marker"] = "true";
        call.Response.Headers["x-amz-version-id"] = marker.VersionId;
    }
}
