using IotOps.Samples.FleetConsole.Store;

namespace IotOps.Samples.FleetConsole.Pages.Errors;

/// <summary>Which lines of a template are listed, and from where on.</summary>
public sealed record LineFilter(string? Client, string? Principal, string? SourceAddress, string? Rule, bool IsNewestFirst, LineKey? After)
{
    public static LineFilter Parse(IQueryCollection query) => new(
        Text(query["client"]), Text(query["principal"]), Text(query["address"]), Text(query["rule"]), query["order"] == "newest",
        Text(query["after"]) is not { } after ? null : LineKey.Parse(after) ?? throw new ViewException("'after' is no place in the lines; take it from a link of this console."));

    /// <summary>The values that were chosen, by what they are.</summary>
    public IEnumerable<(string Name, string Value)> Chosen =>
        new (string Name, string? Value)[] { ("client", Client), ("principal", Principal), ("address", SourceAddress), ("rule", Rule) }
            .Where(pair => pair.Value is not null).Select(pair => (pair.Name, pair.Value!));

    public LineQuery Query(ErrorQuery errors) => new(errors) { Client = Client, Principal = Principal, Address = SourceAddress, Rule = Rule, IsNewestFirst = IsNewestFirst };

    public LineFilter With(string name, string? value) => name switch
    {
        "client" => this with { Client = value, After = null },
        "principal" => this with { Principal = value, After = null },
        "address" => this with { SourceAddress = value, After = null },
        _ => this with { Rule = value, After = null },
    };

    /// <summary>The address of the lines of a view.</summary>
    public string Href(ErrorsView view, string path)
    {
        string address = view.Href(path);
        string own = Address.Of("",
        [
            .. Chosen.Select(pair => new KeyValuePair<string, string?>(pair.Name, pair.Value)), new("order", IsNewestFirst ? "newest" : null), new("after", After?.ToString()),
        ]);
        return address.Contains('?', StringComparison.Ordinal) ? address + own.Replace('?', '&') : address + own;
    }

    private static string? Text(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
