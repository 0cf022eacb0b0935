using System.Xml;

namespace IotOps.Emulator.S3;

/// <summary>An additional checksum that is stored with an object or part.</summary>
/// <param name="Algorithm">Lower-case name, as in x-amz-checksum-crc32.</param>
/// <param name="Value">Base64; with "-N" behind it for a composite of N parts.</param>
/// <param name="IsComposite">Over the parts' checksums rather than over the object's bytes.</param>
internal sealed record ObjectChecksum(string Algorithm, string Value, bool IsComposite)
{
    /// <summary>The algorithm by which S3 sums an object of whose checksum nothing is said.</summary>
    public const string Default = "crc64nvme";

    private const string ElementPrefix = "Checksum";

    public string Type => TypeName(IsComposite);

    public static string TypeName(bool isComposite) => isComposite ? "COMPOSITE" : "FULL_OBJECT";

    /// <summary>The element that holds the value of an algorithm: ChecksumCRC32 and the like.</summary>
    public static string ElementName(string algorithm) => ElementPrefix + algorithm.ToUpperInvariant();

    /// <summary>The checksum of all of a blob's bytes.</summary>
    public static async Task<ObjectChecksum> OfAsync(Blob blob, string algorithm, CancellationToken cancellationToken) =>
        new(algorithm, Convert.ToBase64String(await BlobChecksum.ComputeAsync(blob, algorithm, cancellationToken).ConfigureAwait(false)), IsComposite: false);

    /// <summary>Which checksum it is, as listings say it, without its value.</summary>
    public void WriteKind(XmlWriter xml)
    {
        xml.WriteElementString("ChecksumAlgorithm", Algorithm.ToUpperInvariant());
        xml.WriteElementString("ChecksumType", Type);
    }

    public void Write(XmlWriter xml, bool withType)
    {
        xml.WriteElementString(ElementName(Algorithm), Value);
        if (withType)
        {
            xml.WriteElementString("ChecksumType", Type);
        }
    }
}
