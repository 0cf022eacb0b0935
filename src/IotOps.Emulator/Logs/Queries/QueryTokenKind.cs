namespace IotOps.Emulator.Logs.Queries;

internal enum QueryTokenKind
{
    End,
    Name,
    QuotedName,
    Text,
    Number,
    Expression,
    Symbol,
}
