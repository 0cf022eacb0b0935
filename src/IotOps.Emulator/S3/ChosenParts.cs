using System.Globalization;
using System.Xml.Linq;
using IotOps.Emulator.Checksums;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.S3;

/// <summary>The parts that a completion names, held against those that were uploaded.</summary>
internal static class ChosenParts
{
    private const long MinPartBytes = 5 << 20;

    private static readonly string[] Honoured = ["PartNumber", "ETag", .. Checksum.Names.Select(ObjectChecksum.ElementName)];

    private static readonly string[] NotEmulated = ["ChecksumSHA512", "ChecksumMD5", "ChecksumXXHASH64", "ChecksumXXHASH3", "ChecksumXXHASH128"];

    /// <exception cref="Refusal">The list is malformed, out of order, or names a part otherwise than it was uploaded.</exception>
    public static IReadOnlyList<UploadPart> Read(XElement root, MultipartUpload upload, IReadOnlyList<UploadPart> uploaded)
    {
        XNamespace ns = root.Name.Namespace;
        S3Xml.RefuseAllBut(root, ["Part"], []);
        var byNumber = uploaded.ToDictionary(p => p.Number);
        var chosen = new List<UploadPart>();
        foreach (XElement element in root.Elements(ns + "Part"))
        {
            S3Xml.RefuseAllBut(element, Honoured, NotEmulated);
            bool isNumber = int.TryParse((string?)element.Element(ns + "PartNumber"), NumberStyles.None, CultureInfo.InvariantCulture, out int number);
            if (!isNumber || (string?)element.Element(ns + "ETag") is not { } etag)
            {
                throw S3Errors.MalformedXml();
            }

            if (chosen.Count > 0 && number <= chosen[^1].Number)
            {
                throw new Refusal(400, "InvalidPartOrder", "The list of parts was not in ascending order. Parts must be ordered by part number.")
                {
                    Details = [new("UploadId", upload.Id)],
                };
            }

            UploadPart? part = byNumber.GetValueOrDefault(number);
            if (part is null || part.ETag.Trim('"') != etag.Trim('"') || !HasChecksumsOf(part, element, upload))
            {
                throw new Refusal(400, "InvalidPart", "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.")
                {
                    Details = [new("UploadId", upload.Id), new("PartNumber", number.ToString()), new("ETag", etag.Trim('"'))],
                };
            }

            chosen.Add(part);
        }

        if (chosen.Count == 0)
        {
            throw S3Errors.MalformedXml();
        }

        CheckSizes(chosen);
        return chosen;
    }

    // A part is named by its checksum when the object's is made of them, may be when the whole object has one of that algorithm, and must not be
    // when the upload announced none.
    private static bool HasChecksumsOf(UploadPart part, XElement element, MultipartUpload upload)
    {
        XNamespace ns = element.Name.Namespace;
        foreach (string algorithm in Checksum.Names)
        {
            string? named = (string?)element.Element(ns + ObjectChecksum.ElementName(algorithm));
            bool isOwn = part.Checksum?.Algorithm == algorithm;
            if (named is not null && (!isOwn || named != part.Checksum!.Value))
            {
                return false;
            }

            if (named is null && isOwn && upload.IsComposite)
            {
                throw new Refusal(400, "InvalidRequest", $"The upload was created using a {algorithm} checksum. The complete request must include the checksum for each part. It was missing for part {part.Number} in the request.");
            }
        }

        return true;
    }

    private static void CheckSizes(List<UploadPart> chosen)
    {
        if (chosen.SkipLast(1).FirstOrDefault(p => p.Blob.Length < MinPartBytes) is { } small)
        {
            throw new Refusal(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size")
            {
                Details =
                [
                    new("ProposedSize", small.Blob.Length.ToString()),
                    new("MinSizeAllowed", MinPartBytes.ToString()),
                    new("PartNumber", small.Number.ToString()),
                    new("ETag", small.ETag),
                ],
            };
        }
    }
}
