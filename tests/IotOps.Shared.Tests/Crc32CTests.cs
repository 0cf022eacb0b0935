namespace IotOps.Shared.Tests;

public sealed class Crc32CTests
{
    // RFC 3720, B.4, and the check value of the catalogue of parametrised CRCs.
    [Fact]
    public void The_published_vectors_come_out()
    {
        Value(new byte[32]).ShouldBe(0x8A9136AAu);
        Value([.. Enumerable.Repeat((byte)0xFF, 32)]).ShouldBe(0x62A8AB43u);
        Value([.. Enumerable.Range(0, 32).Select(static i => (byte)i)]).ShouldBe(0x46DD794Eu);
        Value("123456789"u8).ShouldBe(0xE3069283u);
    }

    [Fact]
    public void Pieces_of_any_length_make_the_whole()
    {
        byte[] bytes = [.. Enumerable.Range(0, 40).Select(static i => (byte)(i * 7))];
        uint whole = Crc32C.Append(Crc32C.Start, bytes);
        for (int cut = 0; cut <= bytes.Length; cut++)
        {
            Crc32C.Append(Crc32C.Append(Crc32C.Start, bytes.AsSpan(0, cut)), bytes.AsSpan(cut)).ShouldBe(whole);
        }

        Crc32C.Append(Crc32C.Start, 0x0807060504030201).ShouldBe(Crc32C.Append(Crc32C.Start, [1, 2, 3, 4, 5, 6, 7, 8]));
    }

    private static uint Value(ReadOnlySpan<byte> bytes) => ~Crc32C.Append(Crc32C.Start, bytes);
}
