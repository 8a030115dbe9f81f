// Judges what was sent and what came back by an OpenAPI 3.1 document, with Ajv as the judge of JSON Schema. Reads
// {document, exchanges} from standard input, and prints a list of complaints; none: all is as described.
//
// An exchange is {operation, query, requestBody, status, headers, body}; bodies are texts, requestBody may be null.
import {readFileSync} from "node:fs";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const {document, exchanges} = JSON.parse(readFileSync(0, "utf8"));
const complaints = [];

function makeAjv(options) {
    // Strict: a misspelt keyword of a schema would check nothing. Except that ["string", "null"] is a type here.
    const ajv = new Ajv2020({allErrors: true, strict: true, strictTypes: false, strictRequired: false, ...options});
    addFormats(ajv);
    for (const keyword of ["example", "externalDocs", "discriminator", "xml"]) ajv.addKeyword(keyword);
    ajv.addSchema({$id: "components", $defs: local(document.components.schemas)});
    return ajv;
}

function local(schema) {
    return JSON.parse(JSON.stringify(schema).replaceAll('"#/components/schemas/', '"components#/$defs/'));
}

const judges = {strict: makeAjv({}), ofText: makeAjv({coerceTypes: true})};
const compiled = new Map();

function problems(schema, value, judge = "strict") {
    const text = judge + JSON.stringify(schema);
    if (!compiled.has(text)) compiled.set(text, judges[judge].compile(local(schema)));
    const validate = compiled.get(text);
    return validate(value) ? [] : validate.errors.map(error => `${error.instancePath || "(all)"} ${error.message}`);
}

function resolved(value) {
    while (value && value.$ref) value = value.$ref.slice(2).split("/").reduce((at, name) => at[name], document);
    return value;
}

// Whatever may stand behind "allOf" and the like.
function alternatives(schema) {
    schema = resolved(schema) ?? {};
    const further = ["allOf", "anyOf", "oneOf"].flatMap(keyword => schema[keyword] ?? []);
    return [schema, ...further.flatMap(alternatives)];
}

// Members of objects that the schema does not speak of: clients cannot know of them. JSON Schema lets them pass.
function undescribed(schema, value, at = "") {
    if (value === null || typeof value !== "object") return [];
    const schemas = alternatives(schema);
    if (Array.isArray(value)) {
        const items = schemas.map(one => one.items).find(one => one !== undefined);
        return items === undefined ? [] : value.flatMap((item, i) => undescribed(items, item, `${at}/${i}`));
    }
    return Object.entries(value).flatMap(([name, member]) => {
        const known = schemas.map(one => one.properties?.[name] ?? one.additionalProperties).filter(one => one !== undefined && one !== false);
        if (known.length === 0) return [`${at}/${name} is not described`];
        return known.includes(true) ? [] : undescribed({anyOf: known}, member, `${at}/${name}`);
    });
}

const operations = new Map();
for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(item)) {
        if (!operation.operationId) continue;
        const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map(resolved);
        operations.set(operation.operationId, {...operation, parameters, name: `${operation.operationId} (${method.toUpperCase()} ${path})`});
    }
}

function judgeRequest(operation, exchange, complain) {
    for (const [name, value] of Object.entries(exchange.query)) {
        const parameter = operation.parameters.find(one => one.in === "query" && one.name === name);
        if (!parameter) complain(`the parameter "${name}" is taken, and not described`);
        // In a box, so that the judge may make a number of a text.
        else problems({type: "object", properties: {value: parameter.schema}}, {value: String(value)}, "ofText").forEach(p => complain(`the parameter "${name}": ${p}`));
    }
    if (exchange.requestBody === null) {
        if (operation.requestBody?.required) complain("it was taken without a body, which is described as required");
        return;
    }
    const type = exchange.requestType;
    const content = operation.requestBody?.content?.[type];
    if (!content) return complain(`a body of type ${type} is taken, and not described`);
    if (type === "application/json" && content.schema) {
        const body = JSON.parse(exchange.requestBody);
        problems(content.schema, body).forEach(p => complain(`the request's body: ${p}`));
        undescribed(content.schema, body).forEach(p => complain(`the request's body: ${p}`));
    }
}

function judgeBody(response, exchange, complain) {
    const type = (exchange.headers["content-type"] ?? "").split(";")[0].trim();
    if (!response.content) {
        if (exchange.body !== "") complain(`there is a body (${type}), and none is described`);
        return;
    }
    const content = response.content[type];
    if (!content) return complain(`the body is of type "${type}", described are ${Object.keys(response.content)}`);
    let body = exchange.body;
    if (/[/+]json$/.test(type)) {
        try {
            body = JSON.parse(body);
        } catch (error) {
            return complain(`the body is no JSON: ${error.message}`);
        }
    }
    if (!content.schema) return;
    problems(content.schema, body).forEach(p => complain(`the body: ${p}`));
    undescribed(content.schema, body).forEach(p => complain(`the body: ${p}`));
}

function judge(exchange) {
    const operation = operations.get(exchange.operation);
    const complain = what => complaints.push(`${operation.name} ${exchange.status}: ${what}`);
    if (exchange.status < 300) judgeRequest(operation, exchange, complain);
    const exact = operation.responses[exchange.status];
    if (!exact && exchange.status < 400) return complain("this status is not described");
    const response = resolved(exact ?? operation.responses.default);
    if (!response) return complain("this status is not described, and there is no default");
    for (const [name, reference] of Object.entries(response.headers ?? {})) {
        const header = resolved(reference), value = exchange.headers[name.toLowerCase()];
        if (value === undefined) header.required && complain(`the header ${name} is missing`);
        else problems(header.schema, value).forEach(p => complain(`the header ${name} "${value}": ${p}`));
    }
    judgeBody(response, exchange, complain);
    if (exchange.status >= 400 && exact !== undefined && exchange.status !== 503) {
        const type = exchange.headers["content-type"];
        const page = type.startsWith("text/html") && "text/html" in response.content;  // described as one for people
        if (type !== "application/problem+json" && !page) complain(`an error is told as ${type}, not as problem details`);
    }
}

// Examples are what people copy.
function judgeExamples(value, at) {
    if (value === null || typeof value !== "object") return;
    if (value.schema && value.example !== undefined)
        problems(value.schema, value.example).forEach(p => complaints.push(`the example at ${at}: ${p}`));
    for (const example of Array.isArray(value.examples) ? value.examples : [])
        problems(Object.fromEntries(Object.entries(value).filter(([name]) => name !== "examples")), example)
            .forEach(p => complaints.push(`an example at ${at}: ${p}`));
    for (const [name, child] of Object.entries(value))
        if (name !== "example" && name !== "examples") judgeExamples(child, `${at}/${name}`);
}

exchanges.forEach(judge);
judgeExamples(document, "#");
console.log(JSON.stringify(complaints));
