using System.Xml;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.S3;

/// <summary>GetObjectAttributes: what is known of an object without reading it.</summary>
internal sealed class GetObjectAttributes(BucketStore store)
{
    private const string Header = "x-amz-object-attributes";
    private const int MaxParts = 1_000;
    private static readonly string[] Known = ["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"];

    public Task ExecuteAsync(S3Call call)
    {
        string[] asked = Asked(call);
        Bucket bucket = store.Bucket(call.Bucket);
        StoredObject stored = AskedVersion.Find(call, bucket);
        AskedVersion.WriteId(call, bucket, stored);
        call.Response.Headers.LastModified = stored.LastModified.ToString("r");
        return S3Answer.WriteXmlAsync(call, "GetObjectAttributesResponse", xml =>
        {
            if (asked.Contains("ETag"))
            {
                xml.WriteElementString("ETag", stored.ETag.Trim('"'));
            }

            if (asked.Contains("Checksum") && stored.Checksum is { } checksum)
            {
                xml.WriteStartElement("Checksum");
                (checksum with { Value = checksum.Value.Split('-')[0] }).Write(xml, withType: true);
                xml.WriteEndElement();
            }

            if (asked.Contains("ObjectParts") && stored.PartSizes.Count > 0)
            {
                WriteParts(xml, call, stored);
            }

            if (asked.Contains("StorageClass"))
            {
                xml.WriteElementString("StorageClass", stored.StorageClass);
            }

            if (asked.Contains("ObjectSize"))
            {
                xml.WriteElementString("ObjectSize", stored.Blob.Length.ToString());
            }
        });
    }

    // Each may come in a header of its own, and with blanks around it.
    private static string[] Asked(S3Call call)
    {
        string[] asked = (call.Header(Header) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (asked.Length == 0)
        {
            throw new Refusal(400, "InvalidRequest", $"The {Header} header specifying the attributes to be retrieved is either missing or empty");
        }

        return Array.Find(asked, a => !Known.Contains(a, StringComparer.Ordinal)) is { } unknown
            ? throw S3Errors.InvalidArgument(Header, unknown, "Invalid attribute name specified.")
            : asked;
    }

    // Of parts whose checksums are not kept S3 says only how many there were.
    private static void WriteParts(XmlWriter xml, S3Call call, StoredObject stored)
    {
        xml.WriteStartElement("ObjectParts");
        xml.WriteElementString("PartsCount", stored.PartSizes.Count.ToString());
        if (stored.PartChecksums.Count > 0)
        {
            int marker = Number(call, "x-amz-part-number-marker", 0, PartNumber.Max);
            int max = Number(call, "x-amz-max-parts", MaxParts, MaxParts);
            int last = Math.Min(marker + max, stored.PartSizes.Count);
            xml.WriteElementString("PartNumberMarker", marker.ToString());
            xml.WriteElementString("NextPartNumberMarker", (marker < last ? last : 0).ToString());
            xml.WriteElementString("MaxParts", max.ToString());
            xml.WriteElementString("IsTruncated", last < stored.PartSizes.Count ? "true" : "false");
            for (int i = marker; i < last; i++)
            {
                xml.WriteStartElement("Part");
                xml.WriteElementString("PartNumber", (i + 1).ToString());
                xml.WriteElementString("Size", stored.PartSizes[i].ToString());
                xml.WriteElementString(ObjectChecksum.ElementName(stored.Checksum!.Algorithm), stored.PartChecksums[i]);
                xml.WriteEndElement();
            }
        }

        xml.WriteEndElement();
    }

    // Unlike anywhere else, S3 lets numbers go here that are none.
    private static int Number(S3Call call, string header, int whenAbsent, int max) =>
        int.TryParse(call.Header(header), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int value)
            ? Math.Min(value, max)
            : whenAbsent;
}
