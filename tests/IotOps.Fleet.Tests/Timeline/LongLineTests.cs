using System.Text;

namespace IotOps.Fleet.Tests.Timeline;

public sealed class LongLineTests
{
    // The pattern once looked for letters before "Exception" from each letter on, and gave up after a second.
    [Fact]
    public void A_line_of_a_million_letters_is_read()
    {
        var reader = new IotLogReader();
        string letters = new('x', 1_000_000);
        reader.Read(Encoding.UTF8.GetBytes(letters)).IsError.ShouldBeFalse();
        reader.Read(Encoding.UTF8.GetBytes($"{letters}Exception")).IsError.ShouldBeTrue();
    }

    [Theory]
    [InlineData("IOException: gone", true)]
    [InlineData("Exception: gone", true)]
    [InlineData("an ExceptionHandler", false)]
    [InlineData("IOExceptions", false)]
    public void The_name_of_an_exception_is_an_error(string line, bool isError) => new IotLogReader().Read(Encoding.UTF8.GetBytes(line)).IsError.ShouldBe(isError);
}
