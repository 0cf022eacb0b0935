using System.Collections;
using System.Globalization;
using System.Reflection;

namespace IotOps.HouseTests;

/// <summary>IntelliSense says what holds when an option is not set: each default stands in its property's summary.</summary>
public sealed class DocumentedDefaults
{
    private static readonly (string Unit, TimeSpan Length)[] Times =
    [
        ("ms", TimeSpan.FromMilliseconds(1)), ("s", TimeSpan.FromSeconds(1)), ("second", TimeSpan.FromSeconds(1)), ("min", TimeSpan.FromMinutes(1)), ("minute", TimeSpan.FromMinutes(1)),
        ("h", TimeSpan.FromHours(1)), ("hour", TimeSpan.FromHours(1)), ("day", TimeSpan.FromDays(1)),
    ];

    private static readonly (string Unit, long Bytes)[] Sizes =
        [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("KB", 1 << 10), ("MB", 1 << 20), ("GB", 1 << 30)];

    public static TheoryData<string> Shipped => Arrows.Shipped;

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Every_default_stands_in_its_summary(string project) =>
        (from type in Assembly.Load(project).GetExportedTypes()
         where type.Name.EndsWith("Options", StringComparison.Ordinal) && type.GetConstructor(Type.EmptyTypes) is not null
         let options = Activator.CreateInstance(type)
         from property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
         where property.CanWrite && !IsTheMachines(property.Name)
         let forms = Forms(property.GetValue(options)).ToArray()
         where forms.Length > 0
         let summary = XmlDocs.Of(type.Assembly).Summary(type, property.Name)
         where !Array.Exists(forms, form => summary.Contains(form, StringComparison.OrdinalIgnoreCase))
         select $"{type.Name}.{property.Name}: {forms[0]} by default.")
        .ShouldBeEmpty();

    [Fact]
    public void A_default_has_several_forms()
    {
        Forms(TimeSpan.FromMinutes(5)).ShouldContain("5 minutes", StringComparer.Ordinal);
        Forms(TimeSpan.FromMinutes(5)).ShouldContain("300 s", StringComparer.Ordinal);
        Forms(8L << 20).ShouldContain("8 MiB", StringComparer.Ordinal);
        Forms(1_000).ShouldContain("1,000", StringComparer.Ordinal);
        Forms(false).ShouldBeEmpty();
        Forms("").ShouldBeEmpty();
    }

    // One a processor, or the system's: the summary says so in words.
    private static bool IsTheMachines(string property) => property is "Threads" or "LargestEntry";

    // What is nothing unless it is set needs no word: null, false, empty, zero.
    private static IEnumerable<string> Forms(object? value) => value switch
    {
        true => ["True"],
        string { Length: > 0 } text => [$"<c>{text}</c>", text],
        TimeSpan { Ticks: > 0 } time => Times.Where(unit => time.Ticks % unit.Length.Ticks == 0).Reverse().SelectMany(unit => Amounts(time.Ticks / unit.Length.Ticks, unit.Unit)),
        Enum word => [$"<see cref=\"{word.GetType().Name}.{word}\"/>", word.ToString().Split(',')[0]],
        int or long when Convert.ToInt64(value, CultureInfo.InvariantCulture) is var number and not 0 =>
            [.. Sizes.Reverse().Where(size => number >= size.Bytes && number % size.Bytes == 0).SelectMany(size => Amounts(number / size.Bytes, size.Unit)), .. Numbers(number)],
        double number and not 0 => [number.ToString("0.##########", CultureInfo.InvariantCulture), number.ToString("P0", CultureInfo.InvariantCulture)],
        IEnumerable items when value.GetType().Namespace != "System" => items.Cast<object>().Take(1).OfType<string>().Select(text => text),
        _ => [],
    };

    private static IEnumerable<string> Amounts(long number, string unit) => Numbers(number).SelectMany(text => (string[])[$"{text} {unit}", $"{text} {unit}s"]);

    private static string[] Numbers(long number) => [number.ToString("N0", CultureInfo.InvariantCulture), number.ToString(CultureInfo.InvariantCulture)];
}
