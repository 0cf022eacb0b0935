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
            xml.WriteElementString("IsTruncated", page.Next is null ? "false" : "true");
            if (page.Next is { } next)
            {
                xml.WriteElementString("NextKeyMarker", ListingText.Code(call, next.Key));
                xml.WriteElementString("NextUploadIdMarker", next.Id);
            }

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
        string prefix = call.Query.Find("prefix") ?? "";
        string delimiter = call.Query.Find("delimiter") ?? "";
        bool markerIsPrefix = delimiter.Length > 0 && idMarker.Length == 0 && keyMarker.EndsWith(delimiter, StringComparison.Ordinal);
        var uploads = new List<MultipartUpload>();
        var prefixes = new List<string>();
        (string Key, string Id)? last = null;
        foreach (MultipartUpload upload in store.Bucket(call.Bucket).Uploads())
        {
            bool isBehindMarker = keyMarker.Length == 0 || KeyOrder.Instance.Compare(upload.Key, keyMarker) switch
            {
                > 0 => !(markerIsPrefix && upload.Key.StartsWith(keyMarker, StringComparison.Ordinal)),
                0 => idMarker.Length > 0 && string.CompareOrdinal(upload.Id, idMarker) > 0,
                _ => false,
            };
            if (!isBehindMarker || !upload.Key.StartsWith(prefix, StringComparison.Ordinal))
            {
                continue;
            }

            int cut = delimiter.Length == 0 ? -1 : upload.Key.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal);
            string? common = cut < 0 ? null : upload.Key[..(cut + delimiter.Length)];
            if (common is not null && prefixes.Count > 0 && prefixes[^1] == common)
            {
                continue;
            }

            if (uploads.Count + prefixes.Count == max)
            {
                return new Page(uploads, prefixes, last);
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

        return new Page(uploads, prefixes, Next: null);
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

    private sealed record Page(List<MultipartUpload> Uploads, List<string> Prefixes, (string Key, string Id)? Next);
}
