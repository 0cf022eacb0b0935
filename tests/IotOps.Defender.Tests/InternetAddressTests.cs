using System.Net;
using System.Security.Cryptography;

namespace IotOps.Defender.Tests;

public sealed class InternetAddressTests
{
    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("0.0.0.0")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("2001:db8::1")]
    [InlineData("2001:db8:0:1:1:1:1:1")]
    [InlineData("2001:0:0:1::1")]
    [InlineData("fe80::")]
    [InlineData("1:2:3:4:5:6:7:8")]
    public void An_address_reads_and_prints_as_the_standard_writes_it(string text) => InternetAddress.Parse(text).ToString().ShouldBe(text);

    [Fact]
    public void An_address_prints_as_dotnet_prints_it_whatever_its_zero_groups()
    {
        // With its first six groups zero it is an IPv4-compatible address (long deprecated), which .NET alone prints with dots.
        for (int zeros = 0; zeros < 256; zeros++)
        {
            if ((zeros & 0b11_1111) == 0b11_1111)
            {
                continue;
            }

            byte[] bytes = new byte[16];
            for (int group = 0; group < 8; group++)
            {
                if ((zeros & (1 << group)) == 0)
                {
                    bytes[group * 2] = 0x20;
                    bytes[(group * 2) + 1] = (byte)group;
                }
            }

            InternetAddress.FromBytes(bytes).ToString().ShouldBe(new IPAddress(bytes).ToString());
        }
    }

    [Fact]
    public void An_ipv4_mapped_address_is_the_ipv4_address()
    {
        var mapped = InternetAddress.From(IPAddress.Parse("::ffff:10.0.0.1"));
        mapped.ShouldBe(InternetAddress.Parse("10.0.0.1"));
        mapped.IsIPv4.ShouldBeTrue();
        mapped.ToString().ShouldBe("10.0.0.1");
        mapped.ToIPAddress().ShouldBe(IPAddress.Parse("10.0.0.1"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("10.1")]
    [InlineData("1")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("010.0.0.1")]
    [InlineData("256.0.0.1")]
    [InlineData("10.0.0.1:80")]
    [InlineData("[::1]")]
    [InlineData("fe80::1%eth0")]
    [InlineData("10.0.0.0/8")]
    [InlineData("12345::")]
    public void What_is_no_plain_address_is_refused(string text)
    {
        InternetAddress.TryParse(text, out _).ShouldBeFalse();
        Should.Throw<FormatException>(() => InternetAddress.Parse(text)).Message.ShouldContain($"'{text}'");
    }

    [Fact]
    public void Bytes_survive_the_round_trip()
    {
        byte[] six = RandomNumberGenerator.GetBytes(16);
        byte[] written = new byte[16];
        InternetAddress.FromBytes(six).WriteBytes(written).ShouldBe(16);
        written.ShouldBe(six);
        Should.Throw<ArgumentException>(() => InternetAddress.FromBytes(new byte[5])).Message.ShouldContain("not 5");
    }

    [Theory]
    [InlineData("0.0.0.0", true)]
    [InlineData("::", true)]
    [InlineData("::1", false)]
    [InlineData("127.0.0.1", false)]
    public void The_wildcards_are_known(string text, bool wildcard) => InternetAddress.Parse(text).IsWildcard.ShouldBe(wildcard);
}
