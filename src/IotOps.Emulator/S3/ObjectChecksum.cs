namespace IotOps.Emulator.S3;

/// <summary>An additional checksum that is stored with an object or part.</summary>
/// <param name="Algorithm">Lower-case name, as in x-amz-checksum-crc32.</param>
/// <param name="Value">Base64; with "-N" behind it for a composite of N parts.</param>
/// <param name="IsComposite">Over the parts' checksums rather than over the object's bytes.</param>
internal sealed record ObjectChecksum(string Algorithm, string Value, bool IsComposite)
{
    public string Type => IsComposite ? "COMPOSITE" : "FULL_OBJECT";
}
