using IotOps.Emulator.Http;

namespace IotOps.Emulator.Checksums;

/// <summary>A checksum in the making. Not thread-safe.</summary>
internal abstract class Checksum : IDisposable
{
    /// <summary>The algorithms of x-amz-checksum-NAME headers.</summary>
    public static IReadOnlyList<string> Names { get; } = ["crc32", "crc32c", "crc64nvme", "sha1", "sha256"];

    /// <summary>Starts one of <see cref="Names"/>, or md5.</summary>
    public static Checksum Create(string name) => name switch
    {
        "crc32" => new ReflectedCrc(ReflectedCrc.Tables.Crc32),
        "crc32c" => new ReflectedCrc(ReflectedCrc.Tables.Crc32C),
        "crc64nvme" => new ReflectedCrc(ReflectedCrc.Tables.Crc64Nvme),
        "sha1" => new CryptographicChecksum(System.Security.Cryptography.HashAlgorithmName.SHA1),
        "sha256" => new CryptographicChecksum(System.Security.Cryptography.HashAlgorithmName.SHA256),
        "md5" => new CryptographicChecksum(System.Security.Cryptography.HashAlgorithmName.MD5),
        _ => throw Unsupported(name),
    };

    public static Refusal Unsupported(string name) =>
        new(400, "InvalidRequest", $"Checksum algorithm provided is unsupported: '{name}'. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]");

    /// <summary>Bytes of a value of one of <see cref="Names"/>.</summary>
    public static int Length(string name) => name switch
    {
        "crc64nvme" => 8,
        "sha1" => 20,
        "sha256" => 32,
        _ => 4,
    };

    public static bool IsCrc(string name) => name.StartsWith("crc", StringComparison.Ordinal);

    public abstract void Append(ReadOnlySpan<byte> data);

    /// <summary>The value, big-endian. Nothing may be appended afterwards.</summary>
    public abstract byte[] Finish();

    public abstract void Dispose();
}
