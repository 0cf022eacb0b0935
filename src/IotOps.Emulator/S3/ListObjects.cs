using System.Xml;

namespace IotOps.Emulator.S3;

/// <summary>ListObjectsV2 and ListObjects.</summary>
internal sealed class ListObjects(BucketStore store)
{
    private const int MaxKeys = 1_000;

    public Task ExecuteV2Async(S3Call call)
    {
        string? token = call.Query.Find("continuation-token");
        string marker = token is null ? call.Query.Find("start-after") ?? "" : ListingText.DecodeToken(token);
        Listing listing = Find(call, marker);
        return S3Answer.WriteXmlAsync(call, "ListBucketResult", xml =>
        {
            WriteHead(call, listing, xml);
            xml.WriteElementString("KeyCount", (listing.Objects.Count + listing.Prefixes.Count).ToString());
            if (call.Query.Find("start-after") is { } startAfter)
            {
                xml.WriteElementString("StartAfter", Code(call, startAfter));
            }

            if (token is not null)
            {
                xml.WriteElementString("ContinuationToken", token);
            }

            if (listing.NextMarker is { } next)
            {
                xml.WriteElementString("NextContinuationToken", ListingText.EncodeToken(next));
            }

            WriteEntries(call, listing, xml, withOwner: call.Query.Find("fetch-owner") == "true");
        });
    }

    public Task ExecuteV1Async(S3Call call)
    {
        string marker = call.Query.Find("marker") ?? "";
        Listing listing = Find(call, marker);
        return S3Answer.WriteXmlAsync(call, "ListBucketResult", xml =>
        {
            WriteHead(call, listing, xml);
            xml.WriteElementString("Marker", Code(call, marker));

            // The first version tells where to go on only with a delimiter: without, it is the last key.
            if (listing.NextMarker is { } next && Delimiter(call).Length > 0)
            {
                xml.WriteElementString("NextMarker", Code(call, next));
            }

            WriteEntries(call, listing, xml, withOwner: true);
        });
    }

    private Listing Find(S3Call call, string marker)
    {
        var groups = new KeyGroups(call, marker);
        int maxKeys = call.Number("max-keys", MaxKeys, MaxKeys);
        var objects = new List<StoredObject>();
        var prefixes = new List<string>();
        string? last = null;
        bool isTruncated = false;
        Bucket bucket = store.Bucket(call.Bucket);
        if (maxKeys == 0)
        {
            return new Listing(objects, prefixes, false, null);
        }

        bucket.Scan(groups.From, stored =>
        {
            string key = stored.Key;
            if (!groups.Contains(key))
            {
                return false;
            }

            string? common = groups.CommonPrefix(key);
            if (common is null ? key == marker : groups.IsListed(common, prefixes))
            {
                return true;
            }

            if (objects.Count + prefixes.Count == maxKeys)
            {
                isTruncated = true;
                return false;
            }

            last = common ?? key;
            if (common is null)
            {
                objects.Add(stored);
            }
            else
            {
                prefixes.Add(common);
            }

            return true;
        });

        return new Listing(objects, prefixes, isTruncated, isTruncated ? last : null);
    }

    private static void WriteHead(S3Call call, Listing listing, XmlWriter xml)
    {
        xml.WriteElementString("Name", call.Bucket);
        xml.WriteElementString("Prefix", Code(call, call.Query.Find("prefix") ?? ""));
        if (Delimiter(call) is { Length: > 0 } delimiter)
        {
            xml.WriteElementString("Delimiter", Code(call, delimiter));
        }

        xml.WriteElementString("MaxKeys", call.Number("max-keys", MaxKeys, MaxKeys).ToString());
        if (call.Query.Find("encoding-type") is { } encoding)
        {
            xml.WriteElementString("EncodingType", encoding);
        }

        xml.WriteElementString("IsTruncated", listing.IsTruncated ? "true" : "false");
    }

    private static void WriteEntries(S3Call call, Listing listing, XmlWriter xml, bool withOwner)
    {
        foreach (StoredObject stored in listing.Objects)
        {
            xml.WriteStartElement("Contents");
            xml.WriteElementString("Key", Code(call, stored.Key));
            xml.WriteElementString("LastModified", S3Time.Format(stored.LastModified));
            xml.WriteElementString("ETag", stored.ETag);
            stored.Checksum?.WriteKind(xml);
            xml.WriteElementString("Size", stored.Blob.Length.ToString());
            if (withOwner)
            {
                S3Owner.Write(xml, "Owner");
            }

            xml.WriteElementString("StorageClass", stored.StorageClass);
            xml.WriteEndElement();
        }

        foreach (string prefix in listing.Prefixes)
        {
            xml.WriteStartElement("CommonPrefixes");
            xml.WriteElementString("Prefix", Code(call, prefix));
            xml.WriteEndElement();
        }
    }

    private static string Delimiter(S3Call call) => call.Query.Find("delimiter") ?? "";

    private static string Code(S3Call call, string value) => ListingText.Code(call, value);

    private sealed record Listing(List<StoredObject> Objects, List<string> Prefixes, bool IsTruncated, string? NextMarker);
}
