using IotOps.Shadow.Sync;

namespace IotOps.Shadow.Tests.Sync;

public sealed class DepthLimitTests
{
    [Theory]
    [InlineData("JSON contains too many levels of nesting; maximum is 6", 6)]
    [InlineData("JSON contains too many levels of nesting; maximum is 10.", 10)]
    [InlineData("too deep: Maximum nesting is 5 levels", 5)]
    [InlineData("Client token is too long; maximum is 64 bytes", null)]
    [InlineData("JSON contains too many levels of nesting", null)]
    [InlineData("levels: maximum is unknown", null)]
    [InlineData("levels: maximum is 0", null)]
    [InlineData("levels: maximum is 99999999999999", null)]
    [InlineData("Invalid JSON", null)]
    [InlineData("", null)]
    public void A_reason_names_the_maximum_of_levels_or_none(string reason, int? maximum) => DepthLimit.In(reason).ShouldBe(maximum);
}
