using System.Xml;

namespace IotOps.Emulator.S3;

/// <summary>ListObjectVersions: versions and markers by key, the newest of a key first, page by page.</summary>
internal sealed class ListVersions(BucketStore store)
{
    private const int MaxKeys = 1_000;

    public Task ExecuteAsync(S3Call call)
    {
        string keyMarker = call.Query.Find("key-marker") ?? "";
        string idMarker = call.Query.Find("version-id-marker") ?? "";
        if (idMarker.Length > 0 && keyMarker.Length == 0)
        {
            throw S3Errors.InvalidArgument("version-id-marker", idMarker, "A version-id marker cannot be specified without a key marker.");
        }

        int max = call.Number("max-keys", MaxKeys, MaxKeys);
        Page page = Find(call, keyMarker, idMarker.Length == 0 ? null : AskedVersion.Checked(idMarker), max);
        return S3Answer.WriteXmlAsync(call, "ListVersionsResult", xml =>
        {
            xml.WriteElementString("Name", call.Bucket);
            xml.WriteElementString("Prefix", ListingText.Code(call, call.Query.Find("prefix") ?? ""));
            xml.WriteElementString("KeyMarker", ListingText.Code(call, keyMarker));
            xml.WriteElementString("VersionIdMarker", idMarker);
            if (call.Query.Find("delimiter") is { Length: > 0 } delimiter)
            {
                xml.WriteElementString("Delimiter", ListingText.Code(call, delimiter));
            }

            if (call.Query.Find("encoding-type") is { } encoding)
            {
                xml.WriteElementString("EncodingType", encoding);
            }

            xml.WriteElementString("MaxKeys", max.ToString());
            xml.WriteElementString("IsTruncated", page.Next is null ? "false" : "true");
            if (page.Next is { } next)
            {
                xml.WriteElementString("NextKeyMarker", ListingText.Code(call, next.Key));
                if (next.Id is { } id)
                {
                    xml.WriteElementString("NextVersionIdMarker", id);
                }
            }

            foreach ((StoredObject version, bool isLatest) in page.Versions)
            {
                WriteVersion(xml, call, version, isLatest);
            }

            foreach (string prefix in page.Prefixes)
            {
                xml.WriteStartElement("CommonPrefixes");
                xml.WriteElementString("Prefix", ListingText.Code(call, prefix));
                xml.WriteEndElement();
            }
        });
    }

    private Page Find(S3Call call, string keyMarker, string? idMarker, int max)
    {
        var groups = new KeyGroups(call, keyMarker);
        Bucket bucket = store.Bucket(call.Bucket);
        var page = new Page([], [], Next: null);
        if (max == 0)
        {
            return page;
        }

        long below = Place(bucket, keyMarker, idMarker);
        (string Key, string? Id)? last = null;
        bucket.ScanVersions(groups.From, (version, isLatest) =>
        {
            string key = version.Key;
            if (!groups.Contains(key))
            {
                return false;
            }

            string? common = groups.CommonPrefix(key);
            bool isBeforeMarker = keyMarker.Length > 0 && key == keyMarker && version.Sequence >= below;
            if (common is null ? isBeforeMarker : groups.IsListed(common, page.Prefixes))
            {
                return true;
            }

            if (page.Versions.Count + page.Prefixes.Count == max)
            {
                page = page with { Next = last };
                return false;
            }

            last = common is null ? (key, version.VersionId) : (common, null);
            if (common is null)
            {
                page.Versions.Add((version, isLatest));
            }
            else
            {
                page.Prefixes.Add(common);
            }

            return true;
        });
        return page;
    }

    // Versions of the marker's key are behind it when they are older than its version, gone or not. The null version does not say its place:
    // when it is gone, the key is listed from its newest version on, which a client that deletes what it lists has deleted anyway.
    private static long Place(Bucket bucket, string key, string? id)
    {
        if (id is null)
        {
            return long.MinValue;
        }

        return VersionId.TryRead(id, out long sequence) ? sequence : bucket.Version(key, id)?.Sequence ?? long.MaxValue;
    }

    private static void WriteVersion(XmlWriter xml, S3Call call, StoredObject version, bool isLatest)
    {
        xml.WriteStartElement(version.IsDeleteMarker ? "DeleteMarker" : "Version");
        xml.WriteElementString("Key", ListingText.Code(call, version.Key));
        xml.WriteElementString("VersionId", version.VersionId);
        xml.WriteElementString("IsLatest", isLatest ? "true" : "false");
        xml.WriteElementString("LastModified", S3Time.Format(version.LastModified));
        if (!version.IsDeleteMarker)
        {
            xml.WriteElementString("ETag", version.ETag);
            version.Checksum?.WriteKind(xml);
            xml.WriteElementString("Size", version.Blob.Length.ToString());
        }

        S3Owner.Write(xml, "Owner");
        if (!version.IsDeleteMarker)
        {
            xml.WriteElementString("StorageClass", version.StorageClass);
        }

        xml.WriteEndElement();
    }

    private sealed record Page(List<(StoredObject Version, bool IsLatest)> Versions, List<string> Prefixes, (string Key, string? Id)? Next);
}
