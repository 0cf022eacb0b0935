using System.Text;
using IotOps.Emulator.Checksums;

namespace IotOps.Emulator.Tests.Checksums;

public sealed class ChecksumTests
{
    [Theory]
    [InlineData("crc32", "CBF43926")]
    [InlineData("crc32c", "E3069283")]
    [InlineData("crc64nvme", "AE8B14860A799888")]
    [InlineData("sha1", "F7C3BC1D808E04732ADF679965CCC34CA7AE3441")]
    [InlineData("sha256", "15E2B0D3C33891EBB0F1EF609EC419420C20E320CE94C65FBC8C3312448EB225")]
    [InlineData("md5", "25F9E794323B453885F5181F1B624D0B")]
    public void The_check_value_is_that_of_the_catalogue(string name, string expected)
    {
        using var whole = Checksum.Create(name);
        whole.Append(Encoding.ASCII.GetBytes("123456789"));
        Convert.ToHexString(whole.Finish()).ShouldBe(expected);
    }

    [Theory]
    [InlineData("crc32")]
    [InlineData("crc32c")]
    [InlineData("crc64nvme")]
    public void Pieces_sum_up_to_the_whole(string name)
    {
        byte[] data = new byte[1_000];
        new Random(1).NextBytes(data);
        using var whole = Checksum.Create(name);
        using var pieces = Checksum.Create(name);
        whole.Append(data);
        for (int at = 0, size = 1; at < data.Length; at += size, size++)
        {
            pieces.Append(data.AsSpan(at, Math.Min(size, data.Length - at)));
        }

        pieces.Finish().ShouldBe(whole.Finish());
    }
}
