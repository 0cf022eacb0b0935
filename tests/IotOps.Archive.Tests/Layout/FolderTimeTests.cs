namespace IotOps.Archive.Tests.Layout;

/// <summary>A layout that can only give wrong days is refused when it is made.</summary>
public sealed class FolderTimeTests
{
    [Theory]
    [InlineData("m/{identifier}/{yyyy}/{MM}/", "{MM}")]
    [InlineData("m/{identifier}/{yyyy}/", "{yyyy}")]
    [InlineData("m-{yyyy}-{MM}/{identifier}/", "{MM}")]
    public void Folders_longer_than_a_day_need_the_records_own_time(string prefix, string unit)
    {
        string message = Should.Throw<ArgumentException>(() => new LogLayout(new LogCategory { Name = "m", Prefix = prefix })).Message;

        message.ShouldContain($"{unit} is its smallest unit of time");
        message.ShouldContain("Time must name");
        new LogLayout(new LogCategory { Name = "m", Prefix = prefix, Time = "timestamp" }).Categories.Count.ShouldBe(1);
    }
}
