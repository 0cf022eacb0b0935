using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace IotOps.Emulator.Tests;

/// <summary>Writes aws-chunked framing with its chain of signatures.</summary>
internal sealed class ChunkFraming(TestSigner signer, string region, DateTimeOffset now, string seed)
{
    private readonly List<byte> _body = [];
    private readonly string _date = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
    private string _previous = seed;

    public ChunkFraming Signed(byte[] data)
    {
        string empty = TestSigner.Hex(SHA256.HashData([]));
        _previous = Sign($"AWS4-HMAC-SHA256-PAYLOAD\n{_date}\n{Scope}\n{_previous}\n{empty}\n{TestSigner.Hex(SHA256.HashData(data))}");
        return Raw($"{data.Length:x};chunk-signature={_previous}\r\n").Data(data);
    }

    public ChunkFraming Unsigned(byte[] data) => Raw($"{data.Length:x}\r\n").Data(data);

    public ChunkFraming SignedTrailer(string name, string value)
    {
        string hash = TestSigner.Hex(SHA256.HashData(Encoding.UTF8.GetBytes($"{name}:{value}\n")));
        string signature = Sign($"AWS4-HMAC-SHA256-TRAILER\n{_date}\n{Scope}\n{_previous}\n{hash}");
        return Raw($"{name}:{value}\r\nx-amz-trailer-signature:{signature}\r\n");
    }

    public ChunkFraming Raw(string text)
    {
        _body.AddRange(Encoding.ASCII.GetBytes(text));
        return this;
    }

    public byte[] End() => [.. Raw("\r\n")._body];

    private string Scope => $"{_date[..8]}/{region}/s3/aws4_request";

    // The last chunk has no data, and so no line end behind it.
    private ChunkFraming Data(byte[] data)
    {
        _body.AddRange(data);
        return data.Length == 0 ? this : Raw("\r\n");
    }

    private string Sign(string text) => TestSigner.Hex(HMACSHA256.HashData(signer.SigningKey(_date[..8]), Encoding.UTF8.GetBytes(text)));
}
