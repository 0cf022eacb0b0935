namespace IotOps.HouseTests;

/// <summary>Pages are read by people: short lines, and one component for what every page repeats.</summary>
public sealed class PageMarkup
{
    private const int MaxLine = 160;

    [Fact]
    public void No_line_of_a_page_is_longer_than_160_columns() =>
        (from path in Pages()
         from line in File.ReadLines(path).Index()
         where line.Item.Length > MaxLine
         select $"{Path.GetRelativePath(Repository.Root, path)}({line.Index + 1}): {line.Item.Length} columns")
        .ShouldBeEmpty("Give each element of structure a line of its own, or make a component of a part.");

    [Theory]
    [InlineData("class=\"panel-head\"", "Panel.razor")]
    [InlineData("role=\"columnheader\"", "DataTable.razor")]
    [InlineData("name=\"confirm\"", "ConfirmForm.razor")]
    [InlineData("details class=\"data\"", "Fold.razor")]
    public void What_pages_repeat_is_written_once(string markup, string component) =>
        Pages().Where(path => File.ReadAllText(path).Contains(markup, StringComparison.Ordinal)).Select(Path.GetFileName).ShouldBe([component]);

    private static IEnumerable<string> Pages() =>
        Directory.EnumerateFiles(Repository.Path("samples"), "*.razor", SearchOption.AllDirectories);
}
