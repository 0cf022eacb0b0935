using System.Xml;

namespace IotOps.Emulator.S3;

/// <summary>ListMultipartUploads, page by page.</summary>
internal sealed class ListUploads(BucketStore store)
{
    private const int MaxUploads = 1_000;

    public Task ExecuteAsync(S3Call call)
    {
        string keyMarker = call.Query.Find("key-marker") ?? "";
        string idMarker = keyMarker.Length > 0 ? call.Query.Find("upload-id-marker") ?? "" : "";
        int max = call.Number("max-uploads", MaxUploads, MaxUploads);
        Page page = Find(call, keyMarker, idMarker, max);
        return S3Answer.WriteXmlAsync(call, "ListMultipartUploadsResult", xml =>
        {
            xml.WriteElementString("Bucket", call.Bucket);
            xml.WriteElementString("KeyMarker", ListingText.Code(call, keyMarker));
            xml.WriteElementString("UploadIdMarker", idMarker);
            xml.WriteElementString("Prefix", ListingText.Code(call, call.Query.Find("prefix") ?? ""));
            if (call.Query.Find("delimiter") is { Length: > 0 } delimiter)
            {
                xml.WriteElementString("Delimiter", ListingText.Code(call, delimiter));
            }

            if (call.Query.Find("encoding-type") is { } encoding)
            {
                xml.WriteElementString("EncodingType", encoding);
            }

            xml.WriteElementString("MaxUploads", max.ToString());
            xml.WriteElementString("IsTruncated", page.IsTruncated ? "true" : "false");
            xml.WriteElementString("NextKeyMarker", ListingText.Code(call, page.LastKey));
            xml.WriteElementString("NextUploadIdMarker", page.LastId);

            foreach (MultipartUpload upload in page.Uploads)
            {
                WriteUpload(xml, call, upload);
            }

            foreach (string prefix in page.Prefixes)
            {
                xml.WriteStartElement("CommonPrefixes");
                xml.WriteElementString("Prefix", ListingText.Code(call, prefix));
                xml.WriteEndElement();
            }
        });
    }

    /// <summary>How the parts of an upload are summed, when it said so.</summary>
    public static void WriteChecksum(XmlWriter xml, MultipartUpload upload)
    {
        if (upload.ChecksumAlgorithm is { } algorithm)
        {
            xml.WriteElementString("ChecksumAlgorithm", algorithm.ToUpperInvariant());
            xml.WriteElementString("ChecksumType", ObjectChecksum.TypeName(upload.IsComposite));
        }
    }

    private Page Find(S3Call call, string keyMarker, string idMarker, int max)
    {
        var groups = new KeyGroups(call, keyMarker);
        var uploads = new List<MultipartUpload>();
        var prefixes = new List<string>();
        (string Key, string Id) last = ("", "");
        foreach (MultipartUpload upload in store.Bucket(call.Bucket).Uploads.All())
        {
            bool isBehindMarker = keyMarker.Length == 0 || KeyOrder.Instance.Compare(upload.Key, keyMarker) switch
            {
                > 0 => true,
                0 => idMarker.Length > 0 && string.CompareOrdinal(upload.Id, idMarker) > 0,
                _ => false,
            };
            if (!isBehindMarker || !groups.Contains(upload.Key))
            {
                continue;
            }

            string? common = groups.CommonPrefix(upload.Key);
            if (common is not null && groups.IsListed(common, prefixes))
            {
                continue;
            }

            if (uploads.Count + prefixes.Count == max)
            {
                return new Page(uploads, prefixes, IsTruncated: max > 0, last.Key, last.Id);
            }

            last = common is null ? (upload.Key, upload.Id) : (common, "");
            if (common is null)
            {
                uploads.Add(upload);
            }
            else
            {
                prefixes.Add(common);
            }
        }

        return new Page(uploads, prefixes, IsTruncated: false, last.Key, last.Id);
    }

    private static void WriteUpload(XmlWriter xml, S3Call call, MultipartUpload upload)
    {
        xml.WriteStartElement("Upload");
        xml.WriteElementString("Key", ListingText.Code(call, upload.Key));
        xml.WriteElementString("UploadId", upload.Id);
        S3Owner.Write(xml, "Initiator");
        S3Owner.Write(xml, "Owner");
        xml.WriteElementString("StorageClass", upload.StorageClass);
        xml.WriteElementString("Initiated", S3Time.Format(upload.Initiated));
        WriteChecksum(xml, upload);
        xml.WriteEndElement();
    }

    private sealed record Page(List<MultipartUpload> Uploads, List<string> Prefixes, bool IsTruncated, string LastKey, string LastId);
}
